import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  root: fileURLToPath(new URL('./page', import.meta.url)),
  // The client and its components are bundled from their source, as everything in this workspace is read.
  resolve: { conditions: ['belfry-src', ...defaultClientConditions] },
  build: {
    outDir: fileURLToPath(new URL('./dist/page', import.meta.url)),
    emptyOutDir: true,
    // The first browsers with `light-dark()`, which older targets would have rewritten.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // Inlined as data: the policy of the page would refuse them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // `'use client'` in each of the components means nothing where all is one file for the browser.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
