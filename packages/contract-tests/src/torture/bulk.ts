import { LIMITS } from '@belfry/protocol';
import type { Ledger } from './ledger.ts';
import { post } from './post.ts';
import type { Publish } from './publish.ts';
import type { Target } from './target.ts';

const BATCH = 16;

/** As large as a notification may be: about 53 KB. */
function largeNotification(to: string, title: string) {
  const url = `/${'u'.repeat(LIMITS.url - 1)}`;
  const actions = Array.from({ length: LIMITS.actions }, (_, id) => ({
    id: `${id}`,
    label: 'l'.repeat(LIMITS.label),
    url,
  }));
  const body = 'b'.repeat(LIMITS.body);
  const data = { filler: 'd'.repeat(LIMITS.dataBytes - 100) };
  const subject = { kind: 'torture', id: 'i'.repeat(LIMITS.id), url };
  const actor = { name: 'n'.repeat(LIMITS.title), avatarUrl: url };
  return { to, type: 'torture.bulk', title, body, actionUrl: url, icon: url, actions, data, subject, actor };
}

/**
 * Publishes large notifications to one channel, batch after batch, until they come to `bytes`; calls `after` with the
 * bytes so far.
 */
export async function publishBulk(
  target: Target,
  ledger: Ledger,
  { to, bytes, name }: { to: string; bytes: number; name: string },
  after: (sofar: number) => Promise<void>,
): Promise<void> {
  const size = JSON.stringify(largeNotification(to, name)).length;
  for (let sofar = 0; sofar < bytes; ) {
    const markers = Array.from({ length: BATCH }, (_, index) => `${name} ${sofar} ${index}`);
    const notifications = markers.map((marker) => largeNotification(to, marker));
    const publish: Publish = { path: '/v1/notifications/batch', body: { notifications }, markers, key: null };
    ledger.add({ writer: -2, markers, ...(await post(target, publish, null)) });
    sofar += size * BATCH;
    await after(sofar);
  }
}
