import { Inbox } from '@belfry/react';
import { connection } from 'next/server';
import { SignedIn } from './signed-in';

/** A server component: the bell is in the HTML before any script has run. */
export default async function Page() {
  // The address is read when somebody asks, and not when this is built.
  await connection();
  return (
    <SignedIn url={process.env.BELFRY_URL ?? 'http://127.0.0.1:4400'}>
      <header>
        <h1>Orders</h1>
        <Inbox />
      </header>
    </SignedIn>
  );
}
