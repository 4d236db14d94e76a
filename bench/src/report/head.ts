import type { CaseResult, Run } from './results.ts';
import { table } from './table.ts';

/** Where and when all of it was measured: a column for each run. */
export function headLines(results: readonly CaseResult[]): string[] {
  const runs = runsIn(results);
  const rows = [...new Set(runs.flatMap(({ machine }) => machine.map(([what]) => what)))];
  const names = runs.length === 1 ? [''] : runs.map((run) => runName(run, runs));
  const lines = rows.map((what) => [what, ...runs.map((run) => is(run, what))]);
  return [...table(['', ...names], [...lines, ['command', ...runs.map(({ command }) => `\`${command}\``)]]), ''];
}

/** Says of which run a scenario's figures are, where there is more than one. */
export function runLines(run: Run, results: readonly CaseResult[]): string[] {
  const runs = runsIn(results);
  if (runs.length === 1) return [];
  return [`*${runName(run, runs)}: ${is(run, 'date')}, commit ${is(run, 'commit')}.*`, ''];
}

function runsIn(results: readonly CaseResult[]): Run[] {
  const byBegin = new Map(results.map(({ run }) => [run.begun, run]));
  return [...byBegin.values()].sort((one, other) => other.begun.localeCompare(one.begun));
}

/** The newest is run 1. */
function runName({ begun }: Run, runs: readonly Run[]): string {
  return `run ${runs.findIndex((run) => run.begun === begun) + 1}`;
}

function is({ machine }: Run, wanted: string): string {
  return machine.find(([what]) => what === wanted)?.[1] ?? '–';
}
