import { expect, test } from 'vitest';
import { readGraph } from '../arrows/graph.ts';
import { workspaceGraph } from '../arrows/sources.ts';
import { violations } from '../arrows/violations.ts';

const packages = [
  {
    name: '@belfry/protocol',
    folder: 'packages/protocol',
    entries: { '.': './src/index.ts', './schemas': './src/schemas.ts' },
  },
  ...['core', 'client', 'server', 'demo'].map((name) => ({
    name: `@belfry/${name}`,
    folder: `packages/${name}`,
    entries: { '.': './src/index.ts' },
  })),
];

function check(sources: Record<string, string>): string[] {
  return violations(readGraph(new Map(Object.entries(sources)), packages));
}

test('lets a package import those below it by name', () => {
  const found = check({
    'packages/protocol/src/index.ts': 'export const a = 1;',
    'packages/core/src/index.ts': `import { a } from '@belfry/protocol';\nimport { b } from './b.ts';`,
    'packages/core/src/b.ts': `import { createHash } from 'node:crypto';\nexport const b = createHash;`,
  });
  expect(found).toEqual([]);
});

test('refuses an import against the arrows, for its types only too', () => {
  const found = check({
    'packages/protocol/src/index.ts': `import type { Core } from '@belfry/core';`,
    'packages/core/src/index.ts': 'export interface Core {}',
  });
  expect(found).toEqual([
    'packages/protocol/src/index.ts imports packages/core/src/index.ts, but @belfry/protocol may not import @belfry/core',
  ]);
});

test.each([
  ['import', `import { server } from '@belfry/server';`],
  ['a re-export', `export { server } from '@belfry/server';`],
  ['a later import', `const later = () => import('@belfry/server');`],
  ['a type in the middle of a line', `export const x: import('@belfry/server').Server | undefined = undefined;`],
])('sees %s', (_kind, source) => {
  const found = check({ 'packages/client/src/index.ts': source, 'packages/server/src/index.ts': '' });
  expect(found).toHaveLength(1);
});

test('does not take text for an import', () => {
  const source = ['const shown = `', `import { server } from '@belfry/server';`, '`;', `// import '@belfry/server';`];
  expect(check({ 'packages/client/src/index.ts': source.join('\n'), 'packages/server/src/index.ts': '' })).toEqual([]);
});

test('holds the page of the demo to what a browser may load', () => {
  const found = check({
    'packages/demo/src/index.ts': `import { server } from '@belfry/server';`,
    'packages/demo/page/main.ts': `import { server } from '@belfry/server';`,
    'packages/server/src/index.ts': 'export const server = 1;',
  });
  expect(found).toEqual([
    'packages/demo/page/main.ts imports packages/server/src/index.ts, but @belfry/demo page may not import @belfry/server',
  ]);
});

test('names a circle of files, types included', () => {
  const found = check({
    'packages/core/src/index.ts': `export { a } from './a.ts';`,
    'packages/core/src/a.ts': `import { b } from './b.ts';\nexport const a = b;`,
    'packages/core/src/b.ts': `import type { a } from './a.ts';\nexport const b = 1;`,
  });
  expect(found).toEqual(['circle: packages/core/src/a.ts → packages/core/src/b.ts → packages/core/src/a.ts']);
});

test('refuses a way into another package other than its entries', () => {
  const found = check({
    'packages/protocol/src/a.ts': 'export const a = 1;',
    'packages/core/src/index.ts': `import { a } from '@belfry/protocol/src/a.ts';`,
    'packages/client/src/index.ts': `import { a } from '../../protocol/src/a.ts';`,
  });
  expect(found).toHaveLength(2);
  expect(found.join()).toContain('which is no entry of that package');
  expect(found.join()).toContain('out of its package');
});

test('refuses `export *`, but lets a namespace have a name', () => {
  const source = (line: string) => ({
    'packages/core/src/index.ts': line,
    'packages/core/src/a.ts': 'export const a = 1;',
  });
  expect(check(source(`export * from './a.ts';`))).toHaveLength(1);
  expect(check(source(`export * as things from './a.ts';`))).toEqual([]);
});

test('keeps the schema library behind its own entry, however far away it is imported', () => {
  const found = check({
    'packages/protocol/src/index.ts': `export { text } from './text.ts';`,
    'packages/protocol/src/text.ts': `import * as z from 'zod';\nexport const text = z;`,
    'packages/protocol/src/schemas.ts': `import * as z from 'zod';`,
    'packages/client/src/index.ts': `import type { text } from '@belfry/protocol';`,
  });
  expect(found).toEqual([
    'packages/protocol/src/index.ts must not reach zod, which packages/protocol/src/text.ts imports',
    '@belfry/client must not reach zod, which packages/protocol/src/text.ts imports',
  ]);
});

test('keeps Node out of what a browser loads', () => {
  expect(check({ 'packages/client/src/index.ts': `import { connect } from 'node:net';` })).toHaveLength(1);
});

test('finds nothing wrong with this workspace', () => {
  expect(violations(workspaceGraph())).toEqual([]);
});
