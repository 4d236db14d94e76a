import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type InlineConfig } from 'vite';
import { root } from '../workspace/packages.ts';
import { builtinsAsTheyAre, demoFilesAtHome, plainText } from './bundle-plugins.ts';

/** Where the code comes from: what the packages export to their users, or their source. */
export type From = 'dist' | 'src';

const CLI = join(root, 'packages', 'cli');
const THREADS = join(root, 'packages', 'drivers', 'src', 'store', 'sqlite');

/** Loaded only where a setting asks for them, and from where they are installed. */
const ELSEWHERE = ['pg', 'ioredis', '@nats-io/transport-node'];

/**
 * Makes the command of few files: most of a start was spent on finding and reading some fourteen hundred of them, in
 * three threads. The database's threads have a file of their own each, with what they run and nothing else.
 */
export async function bundleCommand(from: From, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await bundleFrom(from, folder, { main: join(CLI, 'src', 'main.ts') });
  for (const name of ['reader-thread', 'writer-thread']) {
    // Beside the chunk that starts it, as in the source.
    await bundleFrom(from, folder, { [`parts/${name}`]: threadFile(from, name) });
  }
}

function threadFile(from: From, name: string): string {
  return from === 'src' ? join(THREADS, `${name}.ts`) : join(THREADS.replace(/\bsrc\b/, 'dist'), `${name}.js`);
}

/** Makes each of these modules, by the name of the file to be, and what they import. */
export async function bundleFrom(from: From, outDir: string, input: Record<string, string>): Promise<void> {
  const conditions = [...(from === 'src' ? ['belfry-src'] : []), 'node', 'import', 'module', 'default'];
  await build({
    configFile: false,
    root: CLI,
    logLevel: 'warn',
    plugins: [builtinsAsTheyAre(), demoFilesAtHome(), plainText()],
    ssr: { noExternal: true, external: ELSEWHERE, resolve: { conditions } },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node22',
      minify: false,
      sourcemap: from === 'dist',
      // Their authors ask to be named wherever their code goes. The threads have nothing that the command has not.
      license: 'main' in input ? { fileName: 'licenses.md' } : false,
      rolldownOptions: {
        input,
        output: { entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js', comments: false },
      },
    },
  } satisfies InlineConfig);
}
