import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures, Settings } from '../figures.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { CaseResult, Run } from './results.ts';

/** A scenario's last run, as it is kept in a file of its own: another scenario's run does not touch it. */
export interface Stored extends Run {
  cases: { settings: Settings; rounds: Record<string, Figures[]>; absent: Record<string, string> }[];
}

/** Writes a file for each scenario that was run. */
export function keep(folder: string, results: readonly CaseResult[]): void {
  mkdirSync(folder, { recursive: true });
  for (const name of new Set(results.map(({ scenario }) => scenario.name))) {
    const own = results.filter(({ scenario }) => scenario.name === name);
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(storedOf(own), null, 1)}\n`);
  }
}

/** The last run of each scenario, in their order; what was never run is not there. */
export function kept(folder: string, scenarios: readonly Scenario[]): CaseResult[] {
  return scenarios.flatMap((scenario) => {
    const file = join(folder, `${scenario.name}.json`);
    return existsSync(file) ? resultsOf(scenario, JSON.parse(readFileSync(file, 'utf8')) as Stored) : [];
  });
}

/** Of one scenario. */
export function storedOf(results: readonly CaseResult[]): Stored {
  const [first] = results;
  if (first === undefined) throw new Error('There is nothing to keep.');
  const cases = results.map(({ settings, rounds, absent }) => ({
    settings,
    rounds: Object.fromEntries(rounds),
    absent: Object.fromEntries(absent),
  }));
  return { ...first.run, cases };
}

function resultsOf(scenario: Scenario, { cases, ...run }: Stored): CaseResult[] {
  return cases.map(({ settings, rounds, absent }) => ({
    ...{ run, scenario, settings },
    rounds: new Map(Object.entries(rounds)),
    absent: new Map(Object.entries(absent)),
  }));
}
