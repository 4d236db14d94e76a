import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);

/** Those with exports that load much when they are read: `http.WebSocket` is all of `fetch`. */
const LAZY = ['node:http', 'http'];

/**
 * `import` of a module of Node's reads each of its exports, and of `node:http` that costs 13 MB and 50 ms of CPU for what
 * nobody asked for. Taken as it is, only what is used is read.
 */
export function builtinsAsTheyAre(): Plugin {
  return {
    name: 'builtins-as-they-are',
    enforce: 'pre',
    resolveId: (id) => (LAZY.includes(id) ? `\0as-it-is:${id}` : null),
    load: (id) => (id.startsWith('\0as-it-is:') ? facade(id.slice('\0as-it-is:'.length)) : null),
  };
}

/** A module with the builtin's exports, each read where it is used first, save those that are cheap. */
function facade(id: string): string {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(require(id) as object));
  const plain = descriptors.filter(([, { get }]) => get === undefined).map(([name]) => name);
  return `const builtin = process.getBuiltinModule(${JSON.stringify(id)});
    export default builtin;
    export const { ${plain.join(', ')} } = builtin;`;
}

/** The demo's page stays in its package, and what reads it finds it from there. */
export function demoFilesAtHome(): Plugin {
  return {
    name: 'demo-files-at-home',
    transform: {
      filter: { id: /\/packages\/demo\/|\/@belfry\/demo\// },
      // From a module two folders below the package's, as all are that read files.
      handler: (code) => ({
        code: code.replaceAll('import.meta.url', "import.meta.resolve('@belfry/demo/server')"),
        // Lines stay where they were.
        map: null,
      }),
    },
  };
}

/** Beyond Latin-1, V8 keeps the text of a whole file at two bytes a character: one sign of it doubles half a megabyte. */
export function plainText(): Plugin {
  return {
    name: 'plain-text',
    generateBundle: {
      // After all that prints anew.
      order: 'post',
      handler(_, files) {
        for (const file of Object.values(files)) {
          if (file.type === 'chunk') file.code = file.code.replaceAll(/[^\0-\xff]/g, escaped);
        }
      },
    },
  };
}

/** Such signs stand in texts and patterns only, where an escape is the same. */
function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
