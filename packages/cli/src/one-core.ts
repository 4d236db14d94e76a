import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** Calls of a function before V8 compiles it with all its effort. By itself it takes 3,000. */
const CALLS = 300;

/**
 * Not `--no-parallel-marking`: what was begun by several threads before V8 is told, it would then not wait for.
 */
const BY_ONE_THREAD = [
  '--no-parallel-scavenge',
  '--no-concurrent-marking',
  '--no-concurrent-sweeping',
  '--no-concurrent-array-buffer-sweeping',
  '--no-parallel-compaction',
  '--no-parallel-pointer-update',
];

/**
 * On one core V8 collects garbage by the thread that has made it. It would take several, which on one core only wait for
 * each other: of the database's thread, a third of a millisecond becomes up to ten, in which nobody's write is stored. And
 * where it goes through all there is beside that thread, whoever asks meanwhile gets a fifth of the core: two requests of
 * 30 ms in place of a few that take a millisecond longer.
 *
 * To be called at the very start only: V8 does not wait for a marker that is under way when it is told this.
 */
export function collectByCores(): void {
  if (availableParallelism() > 1) return;
  for (const flag of BY_ONE_THREAD) setFlagsFromString(flag);
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
