import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Reads the sources of all packages: no build between an edit and a look at it.
export default defineConfig({
  root: here('.'),
  resolve: { conditions: ['belfry-src', 'module', 'browser', 'development|production'] },
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    rolldownOptions: { input: [here('index.html'), here('states.html')] },
  },
});
