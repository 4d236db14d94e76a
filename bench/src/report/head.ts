import type { CaseResult, Run } from './results.ts';
import { table } from './table.ts';

/** What `describeMachine` says of the moment of a run, with what it means. */
export const MOMENT = {
  disk: 'disk sync, ms',
  load: 'load before',
} as const;

const MEANING = `${MOMENT.disk}: one write and fdatasync of 4 kB in the data folder, the median of 300. ${MOMENT.load}: the load average of the minute before; the figures want a machine near 0.`;

/** Where and when all of it was measured: what all runs have in common, then a line for each. */
export function headLines(results: readonly CaseResult[]): string[] {
  const runs = runsIn(results);
  const own = [...new Set(['date', 'commit', ...Object.values(MOMENT), ...whatDiffers(runs)])];
  const common = whatsIn(runs).filter((what) => !own.includes(what) && what !== 'versions');
  const machine = common.map((what) => [what, is(runs[0] as Run, what)]);
  const lines = runs.map((run) => [runName(run, runs), ...own.map((what) => is(run, what)), `\`${run.command}\``]);
  return [
    ...table(['', 'all runs'], [...machine, ['versions', versions(runs)]]),
    '',
    ...table(['run', ...own, 'command'], lines),
    '',
    MEANING,
    '',
  ];
}

/** Says of which run a scenario's figures are, where there is more than one. */
export function runLines(run: Run, results: readonly CaseResult[]): string[] {
  const runs = runsIn(results);
  if (runs.length === 1) return [];
  return [`*Run ${runName(run, runs)}: ${is(run, 'date')}, commit ${is(run, 'commit')}.*`, ''];
}

function runsIn(results: readonly CaseResult[]): Run[] {
  const byBegin = new Map(results.map(({ run }) => [run.begun, run]));
  return [...byBegin.values()].sort((one, other) => other.begun.localeCompare(one.begun));
}

function whatsIn(runs: readonly Run[]): string[] {
  return [...new Set(runs.flatMap(({ machine }) => machine.map(([what]) => what)))];
}

/** Versions differ by what was asked for, and are told of together. */
function whatDiffers(runs: readonly Run[]): string[] {
  return whatsIn(runs).filter((what) => what !== 'versions' && new Set(runs.map((run) => is(run, what))).size > 1);
}

/** Of all that was measured in any of them; a version that was another in an earlier run is named beside the newer. */
function versions(runs: readonly Run[]): string {
  return [...new Set(runs.flatMap((run) => is(run, 'versions').split(', ')))].filter((one) => one !== '–').join(', ');
}

/** The newest is 1. */
function runName({ begun }: Run, runs: readonly Run[]): string {
  return String(runs.findIndex((run) => run.begun === begun) + 1);
}

function is({ machine }: Run, wanted: string): string {
  return machine.find(([what]) => what === wanted)?.[1] ?? '–';
}
