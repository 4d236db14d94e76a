import { join, relative } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import { root } from '../workspace/packages.ts';

const ENTRY = 'sizes-entry';

export interface Bundle {
  readonly code: string;
  /** What is left of each module before it is minified, the largest first. */
  readonly modules: readonly { readonly file: string; readonly length: number }[];
}

/** Bundles as a page would: from what the packages export, for today's browsers, with React from elsewhere. */
export async function bundle(code: string): Promise<Bundle> {
  const output = await build({
    configFile: false,
    root: join(root, 'packages/react'),
    logLevel: 'silent',
    plugins: [entry(code)],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: ENTRY, external: /^react(-dom)?($|\/)/, preserveEntrySignatures: 'strict' },
    },
  });
  return read((output as Rolldown.RolldownOutput).output);
}

function entry(code: string): Plugin {
  return {
    name: ENTRY,
    enforce: 'pre',
    resolveId: (id) => (id === ENTRY ? join(root, 'packages/react', ENTRY) : null),
    load: (id) => (id.endsWith(ENTRY) ? code : null),
  };
}

function read(output: Rolldown.RolldownOutput['output']): Bundle {
  const chunks = output.filter((one) => one.type === 'chunk');
  const modules = chunks
    .flatMap((chunk) => Object.entries(chunk.modules))
    .map(([id, { renderedLength }]) => ({ file: relative(root, id), length: renderedLength }))
    .sort((a, b) => b.length - a.length);
  return { code: chunks.map((chunk) => chunk.code).join('\n'), modules };
}
