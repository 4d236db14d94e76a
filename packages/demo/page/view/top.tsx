import type { ReactNode } from 'react';
import { ServerChip } from './server-chip.tsx';

const BELL =
  'M16 3a2 2 0 0 1 2 2v.6c4 .9 6.5 4.2 6.5 8.4 0 5 1.3 6.8 2.6 8 .9.9.3 2.5-1 2.5H5.9c-1.3 0-1.9-1.6-1-2.5 1.3-1.2 2.6-3 2.6-8 0-4.2 2.5-7.5 6.5-8.4V5a2 2 0 0 1 2-2Zm-3.6 23.5h7.2a3.6 3.6 0 0 1-7.2 0Z';

/** The head of the page. */
export function Top(): ReactNode {
  return (
    <header className="top">
      <div className="brand">
        <svg className="brand-bell" viewBox="0 0 32 32" aria-hidden="true">
          <path d={BELL} />
        </svg>
        <h1>Belfry</h1>
      </div>
      <p className="lead">
        Ada and Ben hear their news through Belfry. The third lane gets the same messages at the same moments, through
        the route you would write by hand. Send something, then break something.
      </p>
      <ServerChip />
    </header>
  );
}
