import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

/** Why processes are not held to a core each; null where they are. */
export const NOT_PINNED = whyNotPinned();

/** The command that runs another on these cores, with all its threads. */
export function pinned(command: string, args: readonly string[], ...cores: number[]): [string, string[]] {
  if (NOT_PINNED !== null) return [command, [...args]];
  return ['taskset', ['-c', cores.join(), command, ...args]];
}

/** One for each of so many processes of a server, as far as there are any beside the generator's. */
export function serverCores(processes: number): number[] {
  const others = Array.from({ length: availableParallelism() }, (_, core) => core).filter(
    (core) => core !== GENERATOR_CORE,
  );
  return others.slice(0, processes);
}

function whyNotPinned(): string | null {
  if (availableParallelism() < 2) return 'this machine has one core';
  return spawnSync('taskset', ['-c', '0', 'true']).status === 0 ? null : 'there is no taskset here';
}
