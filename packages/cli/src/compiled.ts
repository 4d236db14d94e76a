import { mkdirSync } from 'node:fs';
import { constants, enableCompileCache, flushCompileCache, getCompileCacheDir } from 'node:module';
import { join } from 'node:path';

/**
 * Has Node keep what it compiles of the command beside the command's own code, for the next start: whoever may write
 * there may change the code itself, so it is as safe, and it goes when the code is replaced. Where nobody may write, or
 * Node was told of another folder or of none, all is as it was. Must come before what is to be kept is imported.
 *
 * @param folder of the code that runs; of the source, nothing is kept.
 */
export function keepCompiled(folder: string): void {
  if (import.meta.url.endsWith('.ts') || getCompileCacheDir() !== undefined) return;
  const kept = join(folder, 'compiled');
  try {
    mkdirSync(kept, { mode: 0o755, recursive: true });
  } catch {
    return;
  }
  // Threads and worker processes read it from there.
  if (enableCompileCache(kept).status === constants.compileCacheStatus.ENABLED) process.env.NODE_COMPILE_CACHE = kept;
}

/** Now and not when the process ends: it may be killed. Of what is kept already nothing is written again. */
export function writeCompiled(): void {
  flushCompileCache();
}
