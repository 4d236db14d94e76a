import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** Calls of a function before V8 compiles it with all its effort. By itself it takes 3,000. */
const CALLS = 300;

/**
 * On one core V8 collects what is young by one thread. It would take several, which on one core only wait for each other:
 * of the database's thread, a third of a millisecond becomes up to ten, in which nobody's write is stored.
 */
export function collectByCores(): void {
  if (availableParallelism() === 1) setFlagsFromString('--no-parallel-scavenge');
}

/**
 * Most of a server's code is called once a request, so all of it is due for compiling at the same request, and while that
 * is done, in threads that take half of the one core for more than a second, requests wait. It is as much whenever it is
 * done: soon, there are fewer of these, and all after them are done by the fast code. Once it serves, or what only a start
 * calls would be compiled, too; and once its threads have begun, as V8 takes what Node brings compiled of itself only with
 * the flags that it was made with: a thread begins with twice the CPU after this.
 */
export function compileSoon(): void {
  if (availableParallelism() === 1) setFlagsFromString(`--invocation-count-for-turbofan=${CALLS}`);
}
