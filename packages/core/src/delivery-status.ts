import type { Channel, Deliveries, DeliveryCounts, DeliveryStatus } from '@belfry/protocol';
import { noNotification } from './notifications.ts';
import type { RecipientCounts, RecipientQuery } from './store/delivery-status.ts';
import type { Store } from './store/port.ts';

/** People of one read, some 10 ms: others get their turn in between, so that 100,000 recipients hold up nobody. */
const STEP = 2_500;
/** A store that is shared answers others meanwhile, and each read costs it several round trips, however few it counts. */
const SHARED_STEP = 10_000;

const ORDER: readonly DeliveryStatus[] = ['stored', 'sent', 'delivered', 'seen', 'read'];

/**
 * What became of a notification: for each channel it was sent to, and of a page of its recipients.
 *
 * @throws BelfryError `not_found`.
 */
export async function deliveriesOf(
  store: Store,
  query: RecipientQuery,
): Promise<Omit<Deliveries, 'nextCursor'> & { last: string | null }> {
  const page = await store.read('recipients', query);
  if (page === null) throw noNotification();
  return { channels: await countsOf(store, query), ...page };
}

async function countsOf(store: Store, { tenant, id }: RecipientQuery): Promise<DeliveryCounts[]> {
  const byChannel = new Map<Channel, DeliveryCounts>();
  const limit = store.shared ? SHARED_STEP : STEP;
  for (let after: string | null = null; ; ) {
    const page: RecipientCounts | null = await store.read('recipientCounts', { tenant, id, after, limit });
    if (page === null) throw noNotification();
    for (const channel of page.to) if (!byChannel.has(channel)) byChannel.set(channel, noCounts(channel));
    for (const { channel, ...more } of page.counts) add(byChannel.get(channel) as DeliveryCounts, more);
    if (page.last === null) return [...byChannel.values()];
    after = page.last;
  }
}

function noCounts(channel: Channel): DeliveryCounts {
  return { channel, stored: 0, sent: 0, delivered: 0, seen: 0, read: 0, failed: 0 };
}

/** Each number says how many it came at least so far with: whoever read it was also sent it. */
function add(
  counts: DeliveryCounts,
  { status, count, error }: Omit<RecipientCounts['counts'][number], 'channel'>,
): void {
  counts.stored += count;
  if (status === 'failed') counts.failed += count;
  if (error !== undefined) counts.error = error;
  for (const reached of ORDER.slice(1, ORDER.indexOf(status) + 1)) counts[reached] += count;
}
