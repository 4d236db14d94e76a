import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from '../run/command.ts';
import { root, workspacePackages } from '../workspace/packages.ts';
import { withBuildLock } from './lock.ts';
import { stampsOf } from './stamp.ts';

const CACHE = join(root, 'node_modules', '.cache', 'belfry-source');
/** A run that began before an edit still starts processes from its own. */
const KEPT_MS = 3_600_000;

/** What tests start in processes of their own, besides the command. */
const CHILDREN = {
  'demo-server': 'packages/demo/test/support/server.ts',
  'torture-server': 'packages/contract-tests/src/torture/server/child.ts',
  'open-and-close': 'packages/drivers/test/support/open-and-close.ts',
  'publish-forever': 'packages/drivers/test/support/publish-forever.ts',
  'publish-until-full': 'packages/drivers/test/support/publish-until-full.ts',
  'sweep-and-halt': 'packages/drivers/test/support/sweep-and-halt.ts',
};

export type ChildName = keyof typeof CHILDREN;

/**
 * The command as users get it, but made of the source as it is now, and what else tests start as processes and threads:
 * so often that reading the source anew each time, for two seconds of CPU and more, would cost more than what they look
 * at. Made once, until something in the source changes.
 */
export class SourceBundle {
  readonly #folder: string;

  static async ofNow(): Promise<SourceBundle> {
    const folder = folderOfNow();
    if (!existsSync(folder)) {
      // In a process of its own: what a bundler leaves open is none of a test's.
      const { code, output } = await capture(process.execPath, [import.meta.filename]);
      if (code !== 0) throw new Error(`The source does not build:\n${output.trim()}`);
    }
    return new SourceBundle(folder);
  }

  private constructor(folder: string) {
    this.#folder = folder;
  }

  get command(): string {
    return join(this.#folder, 'main.js');
  }

  child(name: ChildName): string {
    return join(this.#folder, 'parts', `${name}.js`);
  }

  /** Where the code would be that looks for the database's threads beside itself. */
  get besideThreads(): string {
    return join(this.#folder, 'parts', 'none.js');
  }
}

function folderOfNow(): string {
  const stamps = stampsOf(workspacePackages());
  const hash = createHash('sha256');
  for (const name of ['belfry', '@belfry/contract-tests']) hash.update(stamps.get(name) as string);
  for (const file of [import.meta.filename, ...childFiles()]) hash.update(readFileSync(file));
  return join(CACHE, hash.digest('hex'));
}

function childFiles(): string[] {
  return Object.values(CHILDREN).map((file) => join(root, file));
}

/** Moved into place when it is whole, so that it is either there or not. */
async function make(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const { bundleCommand, bundleFrom } = await import('./bundle.ts');
  forgetOld();
  await bundleCommand('src', `${folder}.new`);
  // Beside the threads that they start.
  const children = Object.entries(CHILDREN).map(([name, file]) => [`parts/${name}`, join(root, file)]);
  await bundleFrom('src', `${folder}.new`, Object.fromEntries(children));
  renameSync(`${folder}.new`, folder);
}

function forgetOld(): void {
  mkdirSync(CACHE, { recursive: true });
  for (const name of readdirSync(CACHE)) {
    const old = join(CACHE, name);
    if (Date.now() - statSync(old).mtimeMs > KEPT_MS) rmSync(old, { recursive: true, force: true });
  }
}

if (import.meta.main) await withBuildLock(() => make(folderOfNow()));
