import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: { conditions: ['belfry-src', ...defaultClientConditions] },
  build: {
    lib: { entry: fileURLToPath(new URL('main.ts', import.meta.url)), formats: ['es'], fileName: () => 'main.js' },
    minify: false,
  },
});
