import type { Channel, Deliveries, DeliveryCounts, DeliveryStatus } from '@belfry/protocol';
import { noNotification } from './notifications.ts';
import type { Store } from './store/port.ts';
import type { DeliveryPage } from './store/reads.ts';

/** People of one read: others get their turn in between, so that 100,000 recipients hold up nobody. */
const STEP = 2_000;

const ORDER: readonly DeliveryStatus[] = ['stored', 'sent', 'delivered', 'seen', 'read'];

/** What became of a notification: for each channel it was sent to, and person by person. */
export async function deliveriesOf(
  store: Store,
  { tenant, id, after, limit }: { tenant: string; id: string; after: string | null; limit: number },
): Promise<Omit<Deliveries, 'nextCursor'> & { last: string | null }> {
  const page = await pageOf(store, tenant, id, after, limit);
  const counts = new Map<Channel, DeliveryCounts>(page.to.map((channel) => [channel, noCounts(channel)]));
  for (let from: string | null = null; ; ) {
    const { recipients, last } = await pageOf(store, tenant, id, from, STEP);
    for (const { channel, status } of recipients) count(counts.get(channel) as DeliveryCounts, status);
    if (last === null) break;
    from = last;
  }
  const recipients = page.recipients.map(({ channel: _, ...told }) => told);
  return { channels: [...counts.values()], recipients, last: page.last };
}

async function pageOf(
  store: Store,
  tenant: string,
  id: string,
  after: string | null,
  limit: number,
): Promise<DeliveryPage> {
  const page = await store.read('deliveries', { tenant, id, after, limit });
  if (page === null) throw noNotification();
  return page;
}

function noCounts(channel: Channel): DeliveryCounts {
  return { channel, stored: 0, sent: 0, delivered: 0, seen: 0, read: 0, failed: 0 };
}

/** Each number says how many came at least so far: whoever read it was also sent it. */
function count(counts: DeliveryCounts, status: DeliveryStatus): void {
  counts.stored += 1;
  if (status === 'failed') counts.failed += 1;
  for (const reached of ORDER.slice(1, ORDER.indexOf(status) + 1)) counts[reached] += 1;
}
