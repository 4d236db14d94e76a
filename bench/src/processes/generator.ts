import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figures } from '../figures.ts';
import type { Job, Report } from '../generator/job.ts';
import type { Phase, Wish } from '../scenarios/scenario.ts';
import { GENERATOR_CORE, pinned } from './pinning.ts';
import { end, watch } from './running.ts';

const MAIN = fileURLToPath(new URL('../generator/main.ts', import.meta.url));

/** Does what the generator can't do itself. */
type Granted = (wish: Wish | Phase) => Promise<number>;

/** Runs one job in a generator of its own. `grant` is waited for before it goes on. */
export async function generate(job: Job, limitMs: number, grant: Granted): Promise<Figures> {
  const args = [...process.execArgv, '--max-semi-space-size=64', MAIN];
  const child = spawn(...pinned(process.execPath, args, GENERATOR_CORE), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  watch(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  try {
    child.send(job);
    return await figuresOf(child, grant);
  } finally {
    clearTimeout(timer);
    await end(child);
  }
}

function figuresOf(child: ChildProcess, grant: Granted): Promise<Figures> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('The generator ended before it was done, or took too long.')));
    child.on('message', (report: Report) => {
      if ('figures' in report) resolve(report.figures);
      else if ('failed' in report) reject(new Error(report.failed));
      else grant(report.wish).then((answer) => child.send({ answer }), reject);
    });
  });
}
