import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from '../run/command.ts';
import { packAll } from '../tarballs/pack.ts';
import { root } from '../workspace/packages.ts';

const BROWSER_PACKAGES = ['@belfry/protocol', '@belfry/client', '@belfry/react'];

/** Packs what a page needs into this folder; answers the files. */
export async function packForPages(folder: string): Promise<string[]> {
  const tarballs = (await packAll()).filter(({ name }) => BROWSER_PACKAGES.includes(name));
  return tarballs.map(({ name, bytes }) => {
    const file = join(folder, `${name.replace('@belfry/', 'belfry-')}.tgz`);
    writeFileSync(file, bytes);
    return file;
  });
}

/** A copy of an example with everything installed, away from the workspace, as an app elsewhere would be. */
export async function installExample(name: string, tarballs: readonly string[], folder: string): Promise<string> {
  const copy = join(folder, name);
  cpSync(join(root, 'examples', name), copy, {
    recursive: true,
    filter: (path) => !/node_modules|\.next|dist$/.test(path),
  });
  await run(['npm', 'install', '--no-save', '--no-audit', '--no-fund', ...tarballs], copy);
  return copy;
}

/** Without what `npm run` tells its children: npm would take this workspace for the place to install in. */
export const ownEnv: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')),
);

export async function run(
  [command = '', ...args]: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = ownEnv,
): Promise<void> {
  const { code, output } = await capture(command, args, { cwd, env });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${output.trim()}`);
}
