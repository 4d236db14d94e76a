import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { root } from '../workspace/packages.ts';

export interface Outcome {
  readonly code: number;
  /** Standard output and standard error, in the order they came. */
  readonly output: string;
}

/** Runs a command, at the workspace's root if nowhere else, and keeps what it says. */
export function capture(
  command: string,
  args: readonly string[],
  where: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const child = spawn(command, args, { cwd: root, ...where, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: exitCode(code, signal), output: Buffer.concat(chunks).toString() }),
    );
  });
}

/** Runs a command at the workspace's root in full view; gives its exit code. */
export function show(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): number {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (done.error) throw done.error;
  return exitCode(done.status, done.signal);
}

/** A tool that `npm ci` installed. */
export function tool(name: string): string {
  return join(root, 'node_modules', '.bin', name);
}

function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
