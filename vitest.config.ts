import { join } from 'node:path';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { LongFirst } from './scripts/testing/long-first.ts';
import { memoryFolder } from './scripts/testing/memory-folder.ts';
import { startedFromBundle } from './scripts/testing/started-from-bundle.ts';

const heavy = '**/*.heavy.test.ts';
const soak = '**/*.soak.test.ts';
/** A failure that a seed repeats is a finding, however rare. Any other may have been a build machine that had no time. */
const withoutSeed = /^(?!.*seed)/is;
// Each test file is a process, and many start more: Node keeps what it has compiled for the next of them.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/belfry-compiled');
process.env.TMPDIR ??= memoryFolder();

const together: TestProjectConfiguration = {
  extends: true,
  test: {
    name: 'test',
    include: ['packages/*/test/**/*.test.{ts,tsx}', 'bench/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    exclude: [heavy, soak],
    // For two cores: a third of what tests take they wait, for processes that start and for time that has to pass.
    maxWorkers: 3,
  },
};

/** Files that need the machine for themselves: after all others, one at a time. */
function alone(name: string, files: string): TestProjectConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [`packages/*/test/${files}`, `bench/test/${files}`],
      sequence: { groupOrder: 1 },
      maxWorkers: 1,
      fileParallelism: false,
      testTimeout: 180_000,
    },
  };
}

// `npm run soak` is in mode `soak`.
export default defineConfig(({ mode }) => ({
  // Tests read `src` of every package: no build between an edit and a test.
  resolve: { conditions: ['belfry-src'] },
  ssr: { resolve: { conditions: ['belfry-src'], externalConditions: ['belfry-src'] } },
  plugins: [startedFromBundle()],
  test: {
    pool: 'forks',
    // Worker threads and child processes that tests start inherit it.
    execArgv: ['--conditions=belfry-src'],
    globalSetup: ['scripts/testing/kept-postgres.ts'],
    setupFiles: ['packages/contract-tests/src/leaks.ts'],
    sequence: { sequencer: LongFirst },
    // The run's last lines say what passed so, and why it had failed.
    retry: process.env.CI ? { count: 1, condition: withoutSeed } : 0,
    // What hangs fails; what is only slow, on a machine that does other things too, does not.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    dangerouslyIgnoreUnhandledErrors: false,
    projects: mode === 'soak' ? [alone('soak', soak)] : [together, alone('heavy', heavy)],
  },
}));
