import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { belfry, command, serve } from './support/run.ts';

/** Node then tells where it looks for what it compiled of a module, and whether it takes that. */
const TELLING = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
const looksIn = (module: string) => new RegExp(`reading cache from (\\S+) for ESM file:\\S*/${module}\\S*\\.js`);
const takes = (module: string) => new RegExp(`code cache for ESM file:\\S*/${module}\\S*\\.js was accepted`);
/** Of the main thread and of the two of the database. */
const MODULES = ['serve-', 'reader-thread', 'writer-thread'];

describe('what Node compiles of the command', { timeout: 60_000 }, () => {
  const root = temporaryFolder();

  async function installed() {
    const folder = await mkdtemp(join(root.path, 'installed-'));
    cpSync(dirname(command), folder, { recursive: true, filter: (from) => !from.endsWith('compiled') });
    return { folder, command: join(folder, 'main.js'), kept: join(folder, 'compiled') };
  }

  it('is kept beside its code as soon as it runs, and taken from there by the next start and its threads', async () => {
    const { folder, command, kept } = await installed();
    const first = await serve(folder, TELLING, [], { command });
    for (const module of MODULES) {
      await first.said(looksIn(module));
      const [, file = ''] = looksIn(module).exec(first.stdout + first.stderr) ?? [];
      expect(dirname(dirname(file))).toBe(kept);
      await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 30_000 });
    }
    // As where a container ends: without a word.
    await first.stop('SIGKILL');
    const next = await serve(folder, TELLING, [], { command });
    for (const module of MODULES) await next.said(takes(module));
    await next.stop();
  });

  it('is kept nowhere where it can’t be written, and nothing else is different', async () => {
    const { folder, command, kept } = await installed();
    writeFileSync(kept, 'no folder');
    expect(await belfry(['--version'], { cwd: folder, command })).toMatchObject({ code: 0, stderr: '' });
  });

  it('is left to whoever tells Node of another folder, or of none', async () => {
    const { folder, command, kept } = await installed();
    const other = join(folder, 'other');
    mkdirSync(other);
    await belfry(['--version'], { cwd: folder, command, env: { NODE_COMPILE_CACHE: other } });
    expect(filesIn(other).length).toBeGreaterThan(0);
    await belfry(['--version'], { cwd: folder, command, env: { NODE_DISABLE_COMPILE_CACHE: '1' } });
    expect(filesIn(kept)).toEqual([]);
  });
});

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return [];
  }
}
