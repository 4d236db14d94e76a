import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from '../run/command.ts';
import { root, workspacePackages } from '../workspace/packages.ts';
import { withBuildLock } from './lock.ts';
import { stampsOf } from './stamp.ts';

const CACHE = join(root, 'node_modules', '.cache', 'belfry-command');

/**
 * The command as users get it, but made of the source as it is now: for tests, which start it so often that reading the
 * source anew each time would cost more than what they look at. Made once, until something in the source changes.
 */
export async function commandOfSource(): Promise<string> {
  const folder = folderOfNow();
  if (!existsSync(folder)) {
    // In a process of its own: what a bundler leaves open is none of a test's.
    const { code, output } = await capture(process.execPath, [import.meta.filename]);
    if (code !== 0) throw new Error(`The command does not build:\n${output.trim()}`);
  }
  return join(folder, 'main.js');
}

function folderOfNow(): string {
  return join(CACHE, stampsOf(workspacePackages()).get('belfry') as string);
}

/** Moved into place when it is whole, so that it is either there or not. */
async function make(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const { bundleCommand } = await import('./bundle.ts');
  rmSync(CACHE, { recursive: true, force: true });
  await bundleCommand('src', `${folder}.new`);
  renameSync(`${folder}.new`, folder);
}

if (import.meta.main) await withBuildLock(() => make(folderOfNow()));
