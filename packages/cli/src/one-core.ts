import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * On one core V8 collects what is young by one thread. It would take several, which on one core only wait for each other:
 * of the database's thread, a third of a millisecond becomes up to ten, in which nobody's write is stored.
 */
export function collectByCores(): void {
  if (availableParallelism() === 1) setFlagsFromString('--no-parallel-scavenge');
}
