import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace/packages.ts';

/** Whether any test file that the arguments select asks for the browser. */
export function wantBrowser(args: readonly string[]): boolean {
  const filters = args.filter((arg) => !arg.startsWith('-'));
  return globSync('{packages/*,bench}/test/**/*.test.ts', { cwd: root })
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .some((file) => readFileSync(join(root, file), 'utf8').includes('@belfry/contract-tests/chromium'));
}
