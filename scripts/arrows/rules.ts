// Which way the packages look. The same table is in ARCHITECTURE.md: change both, and say why there.

/** A package, or a part of one with rules of its own. */
export interface Room {
  /** Packages it may import, besides itself; `*`: any. */
  readonly mayImport: readonly string[];
  /** Modules that nothing in it may reach, also not through others. `node:` stands for all of Node's. */
  readonly neverReaches?: readonly string[];
}

// 23 KB that no browser needs.
const schemaLibrary = 'zod';

export const rooms: Readonly<Record<string, Room>> = {
  '@belfry/protocol': { mayImport: [], neverReaches: ['node:'] },
  '@belfry/core': {
    mayImport: ['@belfry/protocol'],
    neverReaches: ['node:http', 'node:sqlite', 'hono', 'kysely', 'pg'],
  },
  '@belfry/hub': { mayImport: ['@belfry/protocol', '@belfry/core'], neverReaches: ['hono', 'kysely', 'pg'] },
  '@belfry/drivers': { mayImport: ['@belfry/protocol', '@belfry/core', '@belfry/hub'] },
  '@belfry/server': { mayImport: ['@belfry/protocol', '@belfry/core', '@belfry/hub'], neverReaches: ['kysely', 'pg'] },
  '@belfry/client': { mayImport: ['@belfry/protocol'], neverReaches: ['node:', schemaLibrary] },
  '@belfry/node': { mayImport: ['@belfry/protocol', '@belfry/client'], neverReaches: [schemaLibrary] },
  '@belfry/react': { mayImport: ['@belfry/protocol', '@belfry/client'], neverReaches: ['node:', schemaLibrary] },
  '@belfry/demo': {
    mayImport: [
      '@belfry/protocol',
      '@belfry/core',
      '@belfry/hub',
      '@belfry/server',
      '@belfry/client',
      '@belfry/demo wire',
    ],
  },
  '@belfry/demo page': {
    mayImport: ['@belfry/protocol', '@belfry/client', '@belfry/react', '@belfry/demo wire'],
    neverReaches: ['node:', schemaLibrary],
  },
  // What the page and the supervisor say to each other.
  '@belfry/demo wire': { mayImport: ['@belfry/protocol', '@belfry/client'], neverReaches: ['node:', schemaLibrary] },
  belfry: { mayImport: ['*'] },
  '@belfry/contract-tests': { mayImport: ['*'] },
};

/** Folders and files inside a package that are a room of their own. */
export const roomFolders: readonly { readonly folder: string; readonly room: string }[] = [
  { folder: 'packages/demo/page/', room: '@belfry/demo page' },
  { folder: 'packages/demo/src/wire.ts', room: '@belfry/demo wire' },
];

/** Single files held to more than their room: what a browser loads must stay free of the schema library. */
export const lightEntries: Readonly<Record<string, readonly string[]>> = {
  'packages/protocol/src/index.ts': ['node:', schemaLibrary],
};
