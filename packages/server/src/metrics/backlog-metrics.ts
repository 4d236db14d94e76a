import type { Store } from '@belfry/core';
import { type Family, type Reading, Watched } from './families.ts';

/** Counted no further: beyond it operators need no more digits, and a scrape must stay cheap. */
const CAP = 100_000;
/** A database that does not answer must not keep back what is known without it. */
const PATIENCE_MS = 2_000;

/** What waits in the database, for all processes together. Nothing, where it does not answer in time. */
export async function backlogFamilies(store: Store): Promise<Family[]> {
  const patience = new AbortController();
  const late = new Promise<Family[]>((resolve) => {
    const timer = setTimeout(() => resolve([]), PATIENCE_MS);
    patience.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    return await Promise.race([readBacklog(store), late]);
  } catch {
    return [];
  } finally {
    patience.abort();
  }
}

async function readBacklog(store: Store): Promise<Family[]> {
  const deliveries = await store.read('deliveryBacklog', { cap: CAP });
  const families = [
    gauge('belfry_webhook_deliveries', 'Webhook deliveries that wait, or were given up, of all processes.', deliveries),
  ];
  if (!store.shared) return families;
  const calls = await store.read('outboxBacklog', { cap: CAP });
  return [...families, gauge('belfry_outbox_calls', 'Calls by SQL that wait, or could not be done.', calls)];
}

function gauge(name: string, help: string, reading: Reading): Family {
  return new Watched('gauge', name, `${help} Counted up to ${CAP}.`, () => reading, 'status');
}
