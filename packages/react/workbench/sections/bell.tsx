import { Bell } from '@belfry/react';
import type { ReactNode } from 'react';
import { Shelf, State } from '../shelf.tsx';

export function BellShelf(): ReactNode {
  return (
    <Shelf name="Bell">
      {[0, 3, 42, 1_000].map((unread) => (
        <State key={unread} name={`${unread} unread`} contents={{ inbox: { unread } }}>
          <Bell />
        </State>
      ))}
      <State name="Of one's own" contents={{ inbox: { unread: 7 } }}>
        <Bell renderBell={(unread) => `Inbox · ${unread}`} />
      </State>
    </Shelf>
  );
}
