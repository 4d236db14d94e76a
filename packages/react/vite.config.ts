import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// Makes the stylesheets of those in `src/styles`; the JavaScript is compiled file by file, so that what is not used falls away.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: false,
    // The first browsers with `light-dark()`, which older targets would have rewritten.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    rolldownOptions: {
      input: ['styles', 'inbox'].map((name) => fileURLToPath(new URL(`./src/${name}.css`, import.meta.url))),
      output: { assetFileNames: '[name].css' },
    },
  },
});
