import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, tool } from '../run/command.ts';
import type { Package } from '../workspace/packages.ts';

/** Makes the package's `dist` anew: JavaScript and declarations, and its page where it has one; or the command. */
export async function compile(one: Package): Promise<void> {
  rmSync(join(one.folder, 'dist'), { recursive: true, force: true });
  // Without the `belfry-src` condition: a build sees the packages it depends on as their users do, by their dist.
  // What is merely unused is for `npm run check` to tell: it must not stand between an edit and a look at it.
  const options = [
    '--customConditions',
    'null',
    '--noEmitOnError',
    '--noUnusedLocals',
    'false',
    '--noUnusedParameters',
    'false',
  ];
  await must(one, tool('tsc'), ['-p', one.folder, ...options, ...(one.isCommand ? ['--noEmit'] : [])]);
  if (one.isCommand) {
    // Loaded here: `npx belfry` looks at each start whether there is anything to build.
    const { bundleCommand } = await import('./bundle.ts');
    await bundleCommand('dist', join(one.folder, 'dist'));
  }
  if (existsSync(join(one.folder, 'vite.config.ts'))) {
    await must(one, tool('vite'), ['build', '--config', join(one.folder, 'vite.config.ts')]);
  }
}

async function must(one: Package, command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await capture(command, args);
  if (code !== 0) throw new Error(`${one.name} does not build:\n${output.trim()}`);
}
