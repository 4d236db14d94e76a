import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Supervisor, type SupervisorOptions, startSupervisor } from '@belfry/demo';
import { SourceBundle } from '../../../../scripts/build/source-bundle.ts';
import { type Answer, post } from '../../src/supervisor/post.ts';
import { type Seen, seenIn } from './seen.ts';

const bundle = await SourceBundle.ofNow();
/** In one piece, for it is started anew again and again. */
export const serverEntry = { module: pathToFileURL(bundle.child('demo-server')), args: [] };

/** A whole demo: its server, its network, its data. `end` removes all of it; `seen` tells what the server got so far. */
export async function startDemo(options: Partial<SupervisorOptions> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'belfry-demo-'));
  const removed = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  const notes = join(dataDir, 'requests.ndjson');
  const entry = { ...serverEntry, args: [notes] };
  const defaults = { host: '127.0.0.1', port: 0, dataDir, entry, restartDelayMs: 100 };
  const seen = (): Promise<Seen[]> => seenIn(notes);
  try {
    const demo = await startSupervisor({ ...defaults, ...options });
    return { demo, seen, end: () => demo.stop().then(removed) };
  } catch (error) {
    await removed();
    throw error;
  }
}

/** One press of a button, as the page does it. */
export function press({ control }: Supervisor, path: string, body: unknown = {}): Promise<Answer> {
  const headers = { Authorization: `Bearer ${control.token}` };
  const { signal } = new AbortController();
  // What is sent while the server starts again is answered once it has.
  return post(new Agent(), { url: control.url + path, headers, body, signal, timeoutMs: 60_000 });
}

/** Waits for what no event tells of. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`It never came to this: ${what}`);
    await sleep(10);
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
