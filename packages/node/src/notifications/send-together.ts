import type { ServiceNotification } from '@belfry/protocol';
import type { Api } from '../api.ts';
import { asOfOne, itemNamed, refusalOf } from './refusal.ts';

/** A notification that waits to be sent, and the call that waits for it. */
export interface Outgoing {
  readonly json: string;
  readonly bytes: number;
  readonly signal: AbortSignal | undefined;
  sent(notification: ServiceNotification): void;
  failed(error: unknown): void;
}

/**
 * Sends them in one request. The server takes all or none, so where it refuses, the one that it names fails, and the
 * others are tried again in halves: a single bad one among a thousand costs two more requests.
 */
export async function sendTogether(api: Api, items: readonly Outgoing[]): Promise<void> {
  const wanted = items.filter(({ signal }) => signal?.aborted !== true);
  const [first] = wanted;
  if (first === undefined) return;
  try {
    if (wanted.length === 1) return first.sent(await api.create('/v1/notifications', first.json));
    const json = `{"notifications":[${wanted.map((item) => item.json).join(',')}]}`;
    const answer = await api.create<{ notifications: ServiceNotification[] }>('/v1/notifications/batch', json);
    for (const [at, item] of wanted.entries()) item.sent(answer.notifications[at] as ServiceNotification);
  } catch (error) {
    await failedTogether(api, wanted, error);
  }
}

async function failedTogether(api: Api, items: readonly Outgoing[], error: unknown): Promise<void> {
  const refusal = items.length === 1 ? null : refusalOf(error);
  if (refusal === null) {
    for (const item of items) item.failed(error);
    return;
  }
  const bad = itemNamed(refusal);
  if (bad !== null) items[bad]?.failed(asOfOne(refusal, bad));
  const rest = items.filter((_, at) => at !== bad);
  const middle = Math.ceil(rest.length / 2);
  await sendTogether(api, rest.slice(0, middle));
  await sendTogether(api, rest.slice(middle));
}
