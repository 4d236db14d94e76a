import type { ReactNode } from 'react';
import { Banner } from './banner.tsx';
import { useDemo } from './use-demo.ts';

/** What to do when nobody answers any more. */
export function StoppedBanner(): ReactNode {
  const { world } = useDemo();
  if (world.watching) return null;
  return (
    <Banner>
      Belfry was stopped. Start it again where it ran, with <code>npm start</code> or <code>npx belfry dev</code>; this
      page comes back by itself.
    </Banner>
  );
}
