import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** What a run of the tests came to. */
export interface Counts {
  passed: number;
  /** Tests that failed, files that did without any of their tests failing, and errors that belong to no test. */
  failed: number;
  skipped: number;
  /** Those of the passed that did so only when they were tried again: the full names, and why they had failed. */
  retried: string[];
}

/** The environment variable that names the file to write to. */
export const countsFile = 'BELFRY_TEST_COUNTS';

/** A vitest reporter that says nothing and writes the counts as JSON. */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: errors.length, skipped: 0, retried: [] };
    for (const module of modules) addModule(counts, module);
    writeFileSync(process.env[countsFile]!, JSON.stringify(counts));
  }
}

function addModule(counts: Counts, module: TestModule): void {
  const tests = [...module.children.allTests()];
  const states = tests.map((test) => test.result().state);
  const failed = states.filter((state) => state === 'failed').length;
  counts.passed += states.filter((state) => state === 'passed').length;
  counts.failed += failed === 0 && !module.ok() ? 1 : failed;
  // Still pending at the end: the run was cut short.
  counts.failed += states.filter((state) => state === 'pending').length;
  counts.skipped += states.filter((state) => state === 'skipped').length;
  counts.retried.push(...tests.filter((test) => test.diagnostic()?.flaky).map(nameAndReason));
}

function nameAndReason(test: TestCase): string {
  const [error] = test.result().errors ?? [];
  return `${test.module.relativeModuleId} > ${test.fullName}: ${error?.message.split('\n')[0] ?? 'no error was kept'}`;
}
