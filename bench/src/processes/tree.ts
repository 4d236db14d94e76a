import { readFileSync } from 'node:fs';

/** A process and all that it has started, such as the workers of nginx. Ended ones are left out. */
export function withChildren(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const pids = children === '' ? [] : children.split(' ').map(Number);
    return [pid, ...pids.flatMap(withChildren)];
  } catch {
    return [];
  }
}
