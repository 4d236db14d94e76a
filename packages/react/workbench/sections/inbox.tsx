import { BelfryProvider, Inbox } from '@belfry/react';
import { type ReactNode, useState } from 'react';
import { fakeBelfry } from '../fake/belfry.ts';
import { MIXED } from '../samples/notifications.ts';
import { language } from '../shelf.tsx';

/** A page of its own: what is open lies over everything else. */
export function OpenInbox(): ReactNode {
  const [{ client }] = useState(() => fakeBelfry({ inbox: { items: MIXED, unread: 4 } }));
  return (
    <div className="open-inbox">
      <BelfryProvider client={client} {...language}>
        <Inbox open />
      </BelfryProvider>
    </div>
  );
}
