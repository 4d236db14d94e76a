import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const react18 = here('../../../react-18/node_modules');

// The page of the browser tests, on the older React with REACT=18.
export default defineConfig({
  root: here('.'),
  logLevel: 'warn',
  define: { 'process.env.NODE_ENV': JSON.stringify(process.env.MODE ?? 'development') },
  resolve: {
    conditions: ['belfry-src', ...defaultClientConditions],
    alias:
      process.env.REACT === '18'
        ? [
            { find: /^react-dom(?=\/|$)/, replacement: `${react18}/react-dom` },
            { find: /^react(?=\/|$)/, replacement: `${react18}/react` },
          ]
        : [],
  },
  build: {
    minify: false,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: here('./main.tsx'),
      output: { entryFileNames: 'page.js', assetFileNames: 'page.[ext]', codeSplitting: false },
    },
  },
});
