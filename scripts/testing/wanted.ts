import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace/packages.ts';
import { PROGRAMS, type Program } from './programs.ts';

/** The programs that the test files selected by the arguments ask for. */
export function wantedPrograms(args: readonly string[]): Program[] {
  const filters = args.filter((arg) => !arg.startsWith('-'));
  const texts = globSync('{packages/*,bench}/test/**/*.test.ts', { cwd: root })
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .map((file) => readFileSync(join(root, file), 'utf8'));
  return PROGRAMS.filter(({ mark }) => texts.some((text) => mark.test(text)));
}
