import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace/packages.ts';

const file = join(root, 'package-lock.json');

/** One package of the lock file, as far as it is looked at here. */
export interface Entry {
  version?: string;
  resolved?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, Entry>;
}

export function readLock(): Lock {
  return JSON.parse(readFileSync(file, 'utf8')) as Lock;
}

export function writeLock(lock: Lock): void {
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
}
