import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root, workspacePackages } from '../workspace/packages.ts';
import { type Graph, type PackageEntries, readGraph, type Sources } from './graph.ts';

const notSource = new Set(['dist', 'test', 'node_modules']);

/** Who imports whom in the packages as they are on disk; tests, which may import anything, are left out. */
export function workspaceGraph(): Graph {
  const packages: PackageEntries[] = workspacePackages().map((one) => ({ ...one, folder: fromRoot(one.folder) }));
  return readGraph(readSources(join(root, 'packages')), packages);
}

function readSources(folder: string): Sources {
  return new Map(filesUnder(folder).map((file) => [fromRoot(file), readFileSync(file, 'utf8')]));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notSource.has(entry.name) ? [] : filesUnder(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.config.ts') ? [path] : [];
  });
}

function fromRoot(path: string): string {
  return relative(root, path).split(sep).join('/');
}
