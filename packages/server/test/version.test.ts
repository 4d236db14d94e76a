import { readFileSync } from 'node:fs';
import { VERSION } from '@belfry/server';
import { expect, it } from 'vitest';

it('the version told is the package’s', () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  expect(VERSION).toBe((JSON.parse(text) as { version: string }).version);
});
