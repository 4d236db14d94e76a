import { BelfryError } from '@belfry/client';
import { Notifications, type Tab } from '@belfry/react';
import type { ReactNode } from 'react';
import type { Contents, FakeBelfry } from '../fake/belfry.ts';
import { LONG, MANY, MIXED } from '../samples/notifications.ts';
import { Shelf, State } from '../shelf.tsx';

const TABS: Tab[] = [{ label: 'All' }, { label: 'Builds', filter: { types: ['build.*'] } }, { label: 'Comments' }];

const some = { items: MIXED, unread: 4, unseen: 0 };
const failed = new BelfryError('unavailable', 'Belfry could not be reached.');

type Then = (element: HTMLElement, fake: FakeBelfry) => void;

/** It was live, and is not any more. */
const becomes =
  (value: 'offline' | 'reconnecting'): Then =>
  (_, { status }) => {
    status.set({ value: 'connecting' });
    status.set({ value: 'live' });
    status.set({ value });
  };

const archivesOne: Then = (element) =>
  setTimeout(() => element.querySelectorAll<HTMLElement>('.belfry-item-tools button')[1]?.click(), 50);

const states: [string, Contents, Then?][] = [
  ['Everything', { inbox: some }],
  ['Four hundred, and more on the server', { inbox: { items: MANY, unread: 1_000, nextCursor: 'x' } }],
  ['Long texts', { inbox: { items: LONG, unread: 2 } }],
  ['Loading', { inbox: { loading: true } }],
  ['Empty', {}],
  ['Could not be loaded', { inbox: { error: failed } }],
  ['Offline', { inbox: some }, becomes('offline')],
  ['Reconnecting', { inbox: some }, becomes('reconnecting')],
  ['Read-only', { inbox: { ...some, readOnly: true }, status: { readOnly: true } }],
  ['A mark was taken back', { inbox: { ...some, error: failed } }],
  ['Undo', { inbox: some }, archivesOne],
];

export function NotificationShelf(): ReactNode {
  return (
    <Shelf name="Notifications">
      {states.map(([name, contents, then]) => (
        <State key={name} name={name} contents={contents} {...(then ? { then } : {})}>
          <Notifications />
        </State>
      ))}
      <State name="Tabs" contents={{ inbox: some }}>
        <Notifications tabs={TABS} />
      </State>
    </Shelf>
  );
}
