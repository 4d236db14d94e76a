import { newId } from '@belfry/core';
import { matchesType } from '@belfry/protocol';
import type { WriteContext } from '../context.ts';
import type { DeliveryRow, WebhookRow } from '../schema.ts';

/** What is to be sent. `body` is JSON text; `n` is of the event that it tells of, null where it tells of none. */
export interface NewDelivery {
  type: string;
  body: string;
  n: number | null;
}

/** Rows of one statement. Few sizes, so that there are few texts of it. */
const SIZES = [64, 8, 1];

/** In the order of `deliveries`, for each webhook those that it wants. */
export async function addDeliveries(
  context: WriteContext,
  webhooks: readonly Pick<WebhookRow, 'id' | 'events'>[],
  deliveries: readonly NewDelivery[],
): Promise<void> {
  const patterns = webhooks.map(({ id, events }) => ({ id, filter: JSON.parse(events) as string[] }));
  const rows = deliveries.flatMap((delivery) =>
    patterns.filter(({ filter }) => matchesType(filter, delivery.type)).map(({ id }) => rowOf(context, id, delivery)),
  );
  for (const piece of pieces(rows)) await context.db.insertInto('webhook_deliveries').values(piece).execute();
}

type NewRow = Omit<DeliveryRow, 'number'>;

function rowOf({ now }: WriteContext, webhook: string, { type, body, n }: NewDelivery): NewRow {
  const fresh = { status: 'pending', at: now, attempts: 0, claim: 0, error: null, created_at: now } as const;
  return { id: newId(now), webhook, n, type, body, ...fresh };
}

function* pieces(rows: readonly NewRow[]): Generator<NewRow[]> {
  for (let start = 0; start < rows.length; ) {
    const size = SIZES.find((one) => one <= rows.length - start) ?? 1;
    yield rows.slice(start, start + size);
    start += size;
  }
}
