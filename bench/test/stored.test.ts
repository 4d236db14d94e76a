import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Settings } from '../src/figures.ts';
import { reportMarkdown } from '../src/report/report.ts';
import type { CaseResult } from '../src/report/results.ts';
import { keep, kept } from '../src/report/stored.ts';
import { broadcast } from '../src/scenarios/broadcast.ts';
import { oneToOne } from '../src/scenarios/one-to-one.ts';
import type { Scenario } from '../src/scenarios/scenario.ts';

const SCENARIOS = [broadcast, oneToOne];
const settings: Settings = {
  ...{ seconds: 1, warmup: 1, subscribers: 1_000, connections: 0 },
  ...{ inFlight: 64, batchSize: 1, people: 0, rate: 1 },
};

function result(scenario: Scenario, begun: string, messagesPerSecond: number): CaseResult {
  const machine: [string, string][] = [
    ['date', begun],
    ['commit', `commit-of-${begun}`],
  ];
  const rounds = new Map([['Belfry', [{ messagesPerSecond, p50: Number.NaN }]]]);
  const absent = new Map([['nchan', 'there is no nchan here']]);
  return { run: { begun, command: 'npm run bench', machine }, scenario, settings, rounds, absent };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'bench-test-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

it('a run of one scenario leaves the figures of the others as they were', () => {
  const place = folder();
  keep(place, [result(broadcast, '2026-01-01', 111), result(oneToOne, '2026-01-01', 222)]);
  keep(place, [result(oneToOne, '2026-02-02', 333)]);
  const speeds = kept(place, SCENARIOS).map(({ scenario, rounds }) => [
    scenario.name,
    rounds.get('Belfry')?.[0]?.messagesPerSecond,
  ]);
  expect(speeds).toEqual([
    ['broadcast', 111],
    ['one-to-one', 333],
  ]);
});

it('the report says of which run each figure is, where there is more than one', () => {
  const [old, fresh] = [result(broadcast, '2026-01-01', 111), result(oneToOne, '2026-02-02', 333)];
  const report = reportMarkdown([old, fresh], null);
  const section = (name: string) => report.slice(report.indexOf(`## ${name}`)).split('\n## ')[0];
  expect(section('broadcast')).toContain('*Run 2: 2026-01-01, commit commit-of-2026-01-01.*');
  expect(section('one-to-one')).toContain('*Run 1: 2026-02-02, commit commit-of-2026-02-02.*');
  expect(reportMarkdown([fresh], null)).not.toContain('*Run 1');
});

it('the report has a line for each run, and what all of them have in common only once', () => {
  const [old, fresh] = [result(broadcast, '2026-01-01', 111), result(oneToOne, '2026-02-02', 333)];
  for (const { run } of [old, fresh]) run.machine.push(['CPU', 'Some, 2 cores']);
  old.run.machine.push(['versions', 'One 1.0.0, Two 2.0.0']);
  fresh.run.machine.push(['versions', 'Two 2.0.0, Three 3.0.0'], ['kernel', 'new']);
  const rows = reportMarkdown([old, fresh], null)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replaceAll(/ +/g, ' '));
  expect(rows).toContain('| CPU | Some, 2 cores |');
  expect(rows).toContain('| versions | Two 2.0.0, Three 3.0.0, One 1.0.0 |');
  expect(rows).toContain('| 1 | 2026-02-02 | commit-of-2026-02-02 | – | – | new | `npm run bench` |');
  expect(rows).toContain('| 2 | 2026-01-01 | commit-of-2026-01-01 | – | – | – | `npm run bench` |');
});

it('the report says what was left out and why, and shows no row that nobody has a figure for', () => {
  const report = reportMarkdown([result(broadcast, '2026-01-01', 111)], null);
  expect(report).toContain('Left out: nchan, as there is no nchan here.');
  expect(report).toContain('| messages/s (more is better) |    111 |');
  expect(report).not.toContain('| sent to received, p50');
});

it('the report warns where the generator was the bottleneck', () => {
  const busy = result(broadcast, '2026-01-01', 111);
  busy.rounds.set('Belfry', [{ generatorBusy: 97 }]);
  expect(reportMarkdown([busy], null)).toContain('**The generator was the bottleneck** with Belfry');
  busy.rounds.set('Belfry', [{ generatorBusy: 60 }]);
  expect(reportMarkdown([busy], null)).not.toContain('bottleneck');
});
