import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { capture } from '../run/command.ts';
import type { Bundle } from '../sizes/bundle.ts';
import { grown, shrunk, table } from '../sizes/report.ts';

const one = { name: 'a page', code: '', goal: 50, ceiling: 101, bytes: 100, modules: [{ file: 'a.js', length: 300 }] };

test('lets pass what is at its ceiling, and names what is a byte above it', () => {
  expect(grown([{ ...one, bytes: 101 }])).toEqual([]);
  expect(grown([one, { ...one, name: 'another', bytes: 102 }])).toEqual([
    expect.stringMatching(/^another has 102 bytes, 1 more than its ceiling/),
  ]);
});

test('says when a ceiling can come down, and to what', () => {
  expect(shrunk([one])).toEqual([]);
  expect(shrunk([{ ...one, bytes: 90 }])).toEqual([expect.stringContaining('can be 91')]);
});

test('shows a case with its goal, its ceiling and its largest modules', () => {
  expect(table([one])).toMatch(/a page +50 +101 +100\n +300 +a\.js/);
});

test('bundles what is asked for, minified, and nothing beside it', async () => {
  const kept = fileURLToPath(new URL('./fixtures/sizes/kept.ts', import.meta.url));
  const { code, modules } = await bundleElsewhere(`export { greeting } from ${JSON.stringify(kept)};`);
  expect(code).toMatch(/^[^\n]*, you[^\n]*\n?$/);
  expect(code).not.toContain('left out');
  expect(modules.map(({ file }) => file)).toContain('scripts/test/fixtures/sizes/kept.ts');
});

/** In a process of its own, because the bundler leaves a pipe open. */
async function bundleElsewhere(code: string): Promise<Bundle> {
  const script = `import { bundle } from './scripts/sizes/bundle.ts';
    console.log(JSON.stringify(await bundle(${JSON.stringify(code)})));`;
  const { output } = await capture(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(output) as Bundle;
}
