import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** Calls of a function before it is compiled with all of V8's effort. By itself V8 takes 3,000. */
const CALLS = 1_000;

/** How V8 works where it has one core for all that it does. */
export function suitOneCore(): void {
  if (availableParallelism() > 1) return;
  // It would collect what is young by several threads, which on one core only wait for each other: of the database's
  // thread, a third of a millisecond becomes up to ten, in which nobody's write is stored.
  setFlagsFromString('--no-parallel-scavenge');
  // Most of a server's code is called once a request, so all of it is due for compiling at the same request, and while
  // that is done, by threads that take their share of the core, requests wait. Sooner there are fewer of these, and they
  // are done by the slow code for a shorter time.
  setFlagsFromString(`--invocation-count-for-turbofan=${CALLS}`);
}
