import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const read = (file: string): string => readFileSync(src + file, 'utf8');
const imports = (file: string): string[] =>
  [...read(file).matchAll(/@import "\.\/(styles\/\w+\.css)"/g)].map(([, name]) => name as string);
/** Of classes and attributes. */
const names = (text: string): Set<string> => new Set(text.match(/(belfry|data)-[a-z][a-z-]*[a-z]/g) ?? []);

const INBOX = '{appearance,bell,inbox,item,notifications,root,time}/**/*.tsx';

test('the stylesheet of the inbox and the one of all have every part once', () => {
  const parts = [...imports('inbox.css'), ...imports('styles.css')];
  expect(parts.sort()).toEqual(globSync('styles/*.css', { cwd: src }).sort());
});

test('what the inbox stylesheet leaves out names something in each rule that no inbox shows', () => {
  const shown = names(globSync(INBOX, { cwd: src }).map(read).join('\n'));
  const rules = imports('styles.css').flatMap((file) => selectors(read(file)));
  expect(rules.length).toBeGreaterThan(100);
  expect(rules.filter((rule) => [...names(rule)].every((name) => shown.has(name)))).toEqual([]);
});

test('what the inbox shows is in its stylesheet, or in none', () => {
  const shown = names(globSync(INBOX, { cwd: src }).map(read).join('\n'));
  const inInbox = names(imports('inbox.css').map(read).join('\n'));
  const elsewhere = names(imports('styles.css').map(read).join('\n'));
  expect([...shown].filter((name) => elsewhere.has(name) && !inInbox.has(name))).toEqual([]);
});

/** Of rules, also within a media query; steps of an animation name nothing. */
function selectors(css: string): string[] {
  const plain = css.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return [...plain.matchAll(/([^{};]*)\{/g)]
    .map(([, one]) => (one as string).trim())
    .filter((one) => !one.startsWith('@') && !/^(\d+%|from|to)/.test(one));
}
