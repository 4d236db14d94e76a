'use client';
import { BelfryProvider } from '@belfry/react';
import type { ReactNode } from 'react';

const token = () => fetch('/belfry-token').then((response) => response.text());

/** Everything below has one connection. It is a client component, since a function can't come from the server. */
export function SignedIn({ url, children }: { url: string; children: ReactNode }) {
  return (
    <BelfryProvider url={url} token={token}>
      {children}
    </BelfryProvider>
  );
}
