import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from './support/folder.ts';

const folder = temporaryFolder();
const root = fileURLToPath(new URL('../../..', import.meta.url));

function put(name: string, text: string): void {
  const file = join(folder.path, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function run(): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder.path, 'packages/cli/bin/belfry.js')]);
  return `${stdout}${stderr}`.trim();
}

it('what was built runs where nothing can be built, as in the image, which has no scripts/', () => {
  put('package.json', '{ "type": "module" }');
  put('packages/cli/dist/main.js', 'console.log("what was built")');
  put('packages/cli/bin/belfry.js', '');
  copyFileSync(join(root, 'packages/cli/bin/belfry.js'), join(folder.path, 'packages/cli/bin/belfry.js'));
  expect(run()).toBe('what was built');
  put('scripts/build.ts', 'export function build() { throw new Error("nothing may be written here") }');
  expect(run()).toBe('belfry: nothing may be written here');
  expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toMatch(/npm ci --omit=dev .* && rm -r scripts$/m);
});
