import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figures } from '../figures.ts';
import type { Job, Report } from '../generator/job.ts';
import type { Phase } from '../scenarios/scenario.ts';
import { GENERATOR_CORE, pinned } from './pinning.ts';
import { end, watch } from './running.ts';

const MAIN = fileURLToPath(new URL('../generator/main.ts', import.meta.url));

/** Runs one job in a generator of its own. `onPhase` is waited for before it goes on. */
export async function generate(job: Job, limitMs: number, onPhase: (phase: Phase) => Promise<void>): Promise<Figures> {
  const args = [...process.execArgv, '--max-semi-space-size=64', MAIN];
  const child = spawn(...pinned(process.execPath, args, GENERATOR_CORE), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  watch(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  try {
    child.send(job);
    return await figuresOf(child, onPhase);
  } finally {
    clearTimeout(timer);
    await end(child);
  }
}

function figuresOf(child: ChildProcess, onPhase: (phase: Phase) => Promise<void>): Promise<Figures> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('The generator ended before it was done, or took too long.')));
    child.on('message', (report: Report) => {
      if ('figures' in report) resolve(report.figures);
      else if ('failed' in report) reject(new Error(report.failed));
      else onPhase(report.phase).then(() => child.send('go on'), reject);
    });
  });
}
