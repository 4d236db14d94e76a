import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace's root folder. */
export const root = join(import.meta.dirname, '..', '..');

export interface Package {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly private: boolean;
  /** To run, and not to import. */
  readonly isCommand: boolean;
  /** Names of the workspace's own packages that this one depends on, or is built from. */
  readonly needs: readonly string[];
  /** Where each entry's source is: `.` → `./src/index.ts`. */
  readonly entries: Readonly<Record<string, string>>;
}

interface Manifest {
  name: string;
  private?: boolean;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  /** What its build takes into itself, so that it is not among its dependencies. */
  bundles?: readonly string[];
  exports?: Record<string, { 'belfry-src'?: string }>;
}

/** The packages of `packages/`, each after those it depends on. */
export function workspacePackages(): Package[] {
  const manifests = readManifests();
  const ours = new Set(manifests.map(([, manifest]) => manifest.name));
  return inOrder(manifests.map(([folder, manifest]) => toPackage(folder, manifest, ours)));
}

function readManifests(): [folder: string, manifest: Manifest][] {
  const parent = join(root, 'packages');
  return readdirSync(parent)
    .map((name) => join(parent, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => [folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest]);
}

function toPackage(folder: string, manifest: Manifest, ours: ReadonlySet<string>): Package {
  const { dependencies, peerDependencies, bundles = [] } = manifest;
  const needs = [...Object.keys({ ...dependencies, ...peerDependencies }), ...bundles].filter((name) => ours.has(name));
  const entries: Record<string, string> = {};
  for (const [entry, targets] of Object.entries(manifest.exports ?? {})) {
    if (targets['belfry-src']) entries[entry] = targets['belfry-src'];
  }
  const isCommand = manifest.bin !== undefined;
  return { name: manifest.name, folder, private: manifest.private ?? false, isCommand, needs, entries };
}

function inOrder(packages: readonly Package[]): Package[] {
  const byName = new Map(packages.map((one) => [one.name, one]));
  const done = new Set<Package>();
  const visit = (one: Package, path: readonly string[]) => {
    if (path.includes(one.name)) throw new Error(`Packages depend in a circle: ${[...path, one.name].join(' → ')}`);
    for (const name of one.needs) visit(byName.get(name)!, [...path, one.name]);
    done.add(one);
  };
  for (const one of packages) visit(one, []);
  return [...done];
}
