import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests read `src` of every package: no build between an edit and a test.
  resolve: { conditions: ['belfry-src'] },
  ssr: { resolve: { conditions: ['belfry-src'], externalConditions: ['belfry-src'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
    pool: 'forks',
    // Worker threads and child processes that tests start inherit it.
    execArgv: ['--conditions=belfry-src'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
