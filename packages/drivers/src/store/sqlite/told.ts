import { type Committed, createdBy, type WriteName } from '@belfry/core';

/** Whether the events tell all that came of it: to carry both from thread to thread would cost most of a publish. */
export function isTold(name: WriteName, replayed: boolean): boolean {
  return name === 'publish' && !replayed;
}

/** The other thread's end. */
export function withOut(name: WriteName, committed: Committed<unknown>): Committed<unknown> {
  return isTold(name, committed.replayed) ? { ...committed, out: createdBy(committed.events) } : committed;
}
