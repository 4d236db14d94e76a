import { BelfryProvider, Inbox } from '@belfry/react';
import { type ReactNode, useEffect, useState } from 'react';
import { fakeBelfry } from '../fake/belfry.ts';
import { MIXED } from '../samples/notifications.ts';
import { fakes, language } from '../shelf.tsx';

/** A page of its own: what is open lies over everything else. */
export function OpenInbox(): ReactNode {
  const [fake] = useState(() => fakeBelfry({ inbox: { items: MIXED, unread: 4 } }));
  useEffect(() => {
    fakes.set('Open', fake);
  }, [fake]);
  return (
    <div className="open-inbox">
      <BelfryProvider client={fake.client} {...language}>
        <Inbox open />
      </BelfryProvider>
    </div>
  );
}
