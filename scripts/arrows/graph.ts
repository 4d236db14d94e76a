import { posix } from 'node:path';
import type { Package } from '../workspace/packages.ts';
import { importsOf } from './imports.ts';

/** Paths from the workspace's root, with `/`, to their text. */
export type Sources = ReadonlyMap<string, string>;
export type PackageEntries = Pick<Package, 'name' | 'entries'> & { readonly folder: string };

export interface SourceFile {
  readonly path: string;
  /** The package it belongs to. */
  readonly owner: string;
  readonly imports: readonly Import[];
  readonly exportsStar: boolean;
}

interface Import {
  /** As written. */
  readonly name: string;
  /** The workspace's file it leads to, as a path; none: a library, or a name that leads nowhere. */
  readonly file: string | undefined;
}

export type Graph = ReadonlyMap<string, SourceFile>;

/** Reads who imports whom. `folder` of a package is its path from the root. */
export function readGraph(sources: Sources, packages: readonly PackageEntries[]): Graph {
  const entries = entryFiles(packages);
  const graph = new Map<string, SourceFile>();
  for (const [path, text] of sources) {
    const owner = packages.find(({ folder }) => path.startsWith(`${folder}/`));
    if (!owner) continue;
    const { modules, exportsStar } = importsOf(path, text);
    const imports = modules.map((name) => ({ name, file: resolve(path, name, entries) }));
    graph.set(path, { path, owner: owner.name, imports, exportsStar });
  }
  return graph;
}

/** `@belfry/protocol/schemas` → `packages/protocol/src/schemas/index.ts` */
function entryFiles(packages: readonly PackageEntries[]): Map<string, string> {
  return new Map(
    packages.flatMap(({ name, folder, entries }) =>
      Object.entries(entries).map(([entry, file]) => [posix.join(name, entry), posix.join(folder, file)] as const),
    ),
  );
}

function resolve(from: string, name: string, entries: ReadonlyMap<string, string>): string | undefined {
  return name.startsWith('.') ? posix.join(posix.dirname(from), name) : entries.get(name);
}
