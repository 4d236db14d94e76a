import { createHash, type Hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Package, root } from '../workspace/packages.ts';

/** A stamp names, by content, everything that a package's `dist` was made from. */
export type Stamp = string;

const notInputs = new Set(['dist', 'test', 'node_modules']);

/** What each `dist` would be made from now. The packages come in the order of their dependencies. */
export function stampsOf(packages: readonly Package[]): Map<string, Stamp> {
  const stamps = new Map<string, Stamp>();
  for (const one of packages) {
    stamps.set(
      one.name,
      currentStamp(
        one,
        one.needs.map((name) => stamps.get(name) ?? ''),
      ),
    );
  }
  return stamps;
}

/** `needs` are the stamps of the packages it depends on. */
function currentStamp(one: Package, needs: readonly Stamp[]): Stamp {
  const hash = createHash('sha256');
  for (const file of [...sharedInputs(), ...filesUnder(one.folder)]) addFile(hash, file);
  for (const stamp of needs) hash.update(stamp);
  return hash.digest('hex');
}

/** Whether the package's `dist` is there and made from exactly that. */
export function isFresh(one: Package, stamp: Stamp): boolean {
  const file = stampFile(one);
  return existsSync(join(one.folder, 'dist')) && existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

export function writeStamp(one: Package, stamp: Stamp): void {
  mkdirSync(dirname(stampFile(one)), { recursive: true });
  writeFileSync(stampFile(one), stamp);
}

/** Called before `dist` is touched: a build that dies half-way must not pass for a fresh one. */
export function removeStamp(one: Package): void {
  rmSync(stampFile(one), { force: true });
}

// In node_modules, so that `npm ci`, which may bring another compiler, also asks for a new build.
function stampFile(one: Package): string {
  return join(root, 'node_modules', '.cache', 'belfry-build', `${one.name.replace('/', '-')}.stamp`);
}

function sharedInputs(): string[] {
  const names = [
    'tsconfig.base.json',
    ...['compile', 'bundle', 'bundle-plugins'].map((name) => `scripts/build/${name}.ts`),
  ];
  return names.map((name) => join(root, name));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !notInputs.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

function addFile(hash: Hash, file: string): void {
  const content = readFileSync(file);
  hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
}
