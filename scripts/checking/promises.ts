import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import type { Outcome } from '../run/command.ts';
import { root } from '../workspace/packages.ts';

/** Each promise of a `SPEC.md` names a test that enforces it, by file and full title, and there is such a test. */
export async function checkPromises(): Promise<Outcome> {
  const found = globSync('packages/*/src/SPEC.md', { cwd: root }).flatMap((spec) => {
    const titlesOf = (file: string) => titlesIn(join(root, spec, '../../test', file));
    return brokenPromises(readFileSync(join(root, spec), 'utf8'), titlesOf).map((trouble) => `${spec}: ${trouble}`);
  });
  return { code: found.length > 0 ? 1 : 0, output: found.join('\n') };
}

/** `titlesOf`: the tests of a file; null where there is no such file. */
export function brokenPromises(spec: string, titlesOf: (file: string) => readonly string[] | null): string[] {
  return promisesOf(spec).flatMap(({ id, tests }) => {
    if (tests.length === 0)
      return [`${id} names no test: write its file and its title, as \`a.test.ts\`: _what it says_`];
    return tests.flatMap(({ file, title }) => {
      const titles = titlesOf(file);
      if (titles === null) return [`${id} names ${file}, which is not there`];
      return titles.includes(title) ? [] : [`${id} names a test that ${file} does not have: ${title}`];
    });
  });
}

interface Named {
  readonly file: string;
  readonly title: string;
}

/** The rows `| T1 | a promise | \`file.test.ts\`: _a title_, _another_; \`other.test.ts\`: _…_ |` of the page. */
function promisesOf(spec: string): { id: string; tests: Named[] }[] {
  return [...spec.matchAll(/^\| ([A-Z]\d+) +\|(.*)\|([^|]*)\|$/gm)].map(([, id = '', , enforced = '']) => ({
    id,
    tests: enforced.split(/(?=`[\w.-]+\.test\.tsx?`)/).flatMap(namedIn),
  }));
}

function namedIn(part: string): Named[] {
  const file = /^`([\w.-]+\.test\.tsx?)`/.exec(part)?.[1];
  if (file === undefined) return [];
  return [...part.matchAll(/(?<![\w`])_(.+?)_(?!\w)/g)].map(([, title = '']) => ({ file, title }));
}

/** What the tests of a file are called, as it is written: `%s` and the like of a table of cases stay as they are. */
function titlesIn(path: string): string[] | null {
  const source = sourceOf(path);
  if (source === null) return null;
  const titles: string[] = [];
  new Visitor({
    CallExpression: ({ callee, arguments: [title] }) => {
      if (rootOf(callee) === 'test' && title?.type === 'Literal' && typeof title.value === 'string') {
        titles.push(title.value);
      }
    },
  }).visit(parseSync(path, source).program);
  return titles;
}

/** `test` of `test.each(…)`. */
function rootOf(node: { type: string; name?: unknown; object?: unknown; callee?: unknown }): unknown {
  if (node.type === 'Identifier') return node.name;
  const inner = (node.object ?? node.callee) as typeof node | undefined;
  return inner && rootOf(inner);
}

function sourceOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
