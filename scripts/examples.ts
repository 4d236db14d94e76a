// `npm run examples`: builds each app in `examples/` as somebody elsewhere would, and looks in a browser whether it works.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { examples } from './examples/cases.ts';
import { packForPages } from './examples/install.ts';
import { tryExample } from './examples/trial.ts';

const { values, positionals } = parseArgs({ options: { pictures: { type: 'string' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !examples.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. Choose of: ${examples.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

await build((line) => console.log(line));
if (values.pictures) mkdirSync(values.pictures, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'belfry-examples-'));
try {
  const tarballs = await packForPages(folder);
  for (const example of examples) {
    if (positionals.length > 0 && !positionals.includes(example.name)) continue;
    const picture = values.pictures && resolve(values.pictures, `${example.name}.png`);
    await tryExample(example, { tarballs, folder, picture });
    console.log(`ok  ${example.name}`);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
