import type { Notification } from '@belfry/client';
import { useEffect, useRef } from 'react';
import { useInboxClient } from '../provider/use-inbox-client.ts';

/** Calls `tell` for each notification that comes while the connection is live: not for what was caught up with. */
export function useLiveNews(tell: (notification: Notification) => void): void {
  const belfry = useInboxClient();
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });
  useEffect(
    () =>
      belfry.on('notification.created', ({ data }) => {
        if (belfry.status.getSnapshot().value === 'live') latest.current(data.notification as Notification);
      }),
    [belfry],
  );
}
