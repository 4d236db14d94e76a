/**
 * A vitest setup file: a test file fails when something it opened is still open at its end.
 *
 * Counted are the resources that keep a process alive (sockets, servers, message ports, child processes, file
 * watchers) against what was open before the file was loaded; worker threads; and timers, also those with `unref()`,
 * since a forgotten heartbeat is a leak although it lets the process end.
 */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach } from 'vitest';
import { openResources, surplus } from './leaks/resources.ts';
import { watchTimers } from './leaks/timers.ts';
import { watchWorkers } from './leaks/workers.ts';

/** A socket's close takes some turns of the loop, a worker's end some milliseconds: only what stays is a leak. */
const patience = 4_000;

const before = openResources();
const timers = watchTimers();
const workers = watchWorkers();
let triedAgain = false;

afterEach(({ task }) => {
  triedAgain ||= (task.result?.retryCount ?? 0) > 0;
});

afterAll(async () => {
  const leaks = await leaksThatStay();
  timers.forget();
  // A test that failed midway has closed nothing, and what it left stays when its second try passes.
  if (leaks.length > 0 && !triedAgain)
    throw new Error(`Left open at the end of this file:\n${leaks.map((leak) => `- ${leak}`).join('\n')}`);
}, patience * 2);

async function leaksThatStay(): Promise<string[]> {
  const deadline = performance.now() + patience;
  for (;;) {
    await turn();
    const leaks = [...surplus(before, openResources()), ...timers.running(), ...workers.running()];
    if (leaks.length === 0 || performance.now() > deadline) return leaks;
    await sleep(10);
  }
}
