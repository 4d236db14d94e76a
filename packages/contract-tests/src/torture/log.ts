import type { LogEvent, Store } from '@belfry/core';
import { EVERYTHING, formatCursor } from '@belfry/protocol';
import { type RunSeen, type Told, whatOf } from './reading.ts';

/** One event as the store has it. */
export interface Logged {
  n: number;
  id: string;
  type: string;
  to: readonly string[];
  what: string;
  /** What its sender called it; null for a withdrawal. */
  marker: string | null;
  /** The notification it brings or takes away. */
  notification: string | null;
  /** What it gives to a person or takes; empty where it is about something else. */
  access: readonly string[];
  /** The question it tells of, and the answer that it has by then. */
  question: { id: string; message: string; answer: string | null; expiresAt: string | null } | null;
  /** The run it tells of, as it is by then. */
  run: (RunSeen & { title: string }) | null;
  /** Of its data. */
  bytes: number;
}

const LIMIT = 1_000;
const MAX_BYTES = 16 * 1_048_576;

/** A tenant's whole log, oldest first. */
export async function readWholeLog(store: Store, tenant = 'default'): Promise<Logged[]> {
  const { head } = await store.read('locate', { log: tenant, n: 0 });
  const log: Logged[] = [];
  for (let after = 0; after < head.n; ) {
    const range = { log: tenant, after, upTo: head.n, grants: EVERYTHING, limit: LIMIT, maxBytes: MAX_BYTES };
    const page = await store.read('readLog', range);
    for (const event of page.events) log.push(toLogged(store.epoch, event));
    after = page.upTo;
  }
  return log;
}

function toLogged(epoch: string, event: LogEvent): Logged {
  const { n, type, to } = event;
  const data = JSON.parse(event.data) as Told;
  return {
    n,
    id: formatCursor(epoch, event),
    type,
    to,
    what: whatOf(type, data),
    marker: data.notification?.title ?? data.marker ?? null,
    notification: data.notification?.id ?? data.id ?? null,
    access: type.startsWith('access.') ? (data.channels ?? []) : [],
    question: questionIn(data),
    run: runIn(data),
    bytes: Buffer.byteLength(event.data),
  };
}

function questionIn({ question }: Told): Logged['question'] {
  if (question === undefined) return null;
  const { id, message, answer, expiresAt } = question;
  return { id, message, answer: answer?.content?.value ?? null, expiresAt };
}

function runIn({ run }: Told): Logged['run'] {
  if (run === undefined) return null;
  const { id, title, status, progress } = run;
  return { id, title, status, progress };
}
