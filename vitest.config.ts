import { defineConfig } from 'vitest/config';
import { LongFirst } from './scripts/testing/long-first.ts';

const heavy = '**/*.heavy.test.ts';

export default defineConfig({
  // Tests read `src` of every package: no build between an edit and a test.
  resolve: { conditions: ['belfry-src'] },
  ssr: { resolve: { conditions: ['belfry-src'], externalConditions: ['belfry-src'] } },
  test: {
    pool: 'forks',
    // Worker threads and child processes that tests start inherit it.
    execArgv: ['--conditions=belfry-src'],
    setupFiles: ['packages/contract-tests/src/leaks.ts'],
    sequence: { sequencer: LongFirst },
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A second, which it is otherwise, is a measurement on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    dangerouslyIgnoreUnhandledErrors: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'test',
          include: ['packages/*/test/**/*.test.{ts,tsx}', 'bench/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
          exclude: [heavy],
          maxWorkers: 2,
        },
      },
      {
        // Files that need the machine for themselves: after all others, one at a time.
        extends: true,
        test: {
          name: 'heavy',
          include: ['packages/*/test/**/*.heavy.test.ts', 'bench/test/**/*.heavy.test.ts'],
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
    ],
  },
});
