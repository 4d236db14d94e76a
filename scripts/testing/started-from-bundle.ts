import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vitest/config';
import { SourceBundle } from '../build/source-bundle.ts';

/** What starts threads or processes, the words in it that say of which file, and which file that is in the bundle. */
const STARTERS: readonly { file: RegExp; words: string; instead: (bundle: SourceBundle) => string }[] = [
  {
    file: /packages\/drivers\/src\/store\/sqlite\/workers\.ts$/,
    words: 'import.meta.url',
    instead: ({ besideThreads }) => quotedUrl(besideThreads),
  },
  {
    file: /packages\/contract-tests\/src\/torture\/server\/server-process\.ts$/,
    words: "new URL('./child.ts', import.meta.url)",
    instead: (bundle) => `new URL(${quotedUrl(bundle.child('torture-server'))})`,
  },
];

/**
 * Has the database's threads and the torture's servers started from the bundle of the source, and not from some hundred
 * files of it, which would cost half a second of CPU a thread and more than two a server. Not while watching: they would
 * stay as they were before an edit.
 */
export function startedFromBundle(): Plugin {
  let isWatching = false;
  return {
    name: 'started-from-bundle',
    enforce: 'pre',
    configureVitest: ({ vitest, defineCacheKeyGenerator }) => {
      isWatching = vitest.config.watch;
      // Vitest keeps what it has made of a file until that file changes; which bundle is meant changes with any other.
      defineCacheKeyGenerator(({ id }) => (STARTERS.some(({ file }) => file.test(id)) ? false : undefined));
    },
    transform: {
      filter: { id: STARTERS.map(({ file }) => file) },
      async handler(code, id) {
        const starter = STARTERS.find(({ file }) => file.test(id));
        if (isWatching || starter === undefined) return null;
        if (!code.includes(starter.words)) throw new Error(`${id} no longer says ${starter.words}`);
        // Lines stay where they were.
        return { code: code.replaceAll(starter.words, starter.instead(await SourceBundle.ofNow())), map: null };
      },
    },
  };
}

function quotedUrl(file: string): string {
  return JSON.stringify(pathToFileURL(file).href);
}
