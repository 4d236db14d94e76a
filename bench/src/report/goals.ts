import { type Goal, judge, type MedianOf, wantedText } from '../scenarios/goal.ts';
import type { Metric } from '../scenarios/scenario.ts';
import { type CaseResult, spreadOf, titleOf } from './results.ts';
import { shown, table } from './table.ts';

const REACHED = 'reached';

/** A row for each goal of a scenario: what was wanted, what came out, and whether that will do. */
export function goalLines(result: CaseResult): string[] {
  const goals = goalsOf(result);
  if (goals.length === 0) return [];
  const { metrics } = result.scenario;
  const medianOf = mediansIn(result);
  const rows = goals.map((goal) => {
    const metric = metrics.find(({ key }) => key === goal.key);
    return [`${goal.peer}: ${metric?.label ?? goal.key}`, ...outcome(goal, medianOf, metrics)];
  });
  return [...table(['', 'goal', 'figure', 'figure ÷ goal', 'verdict'], rows), ''];
}

/** Those of so many in flight. */
function goalsOf({ scenario, settings }: CaseResult): Goal[] {
  const { goals = [] } = scenario;
  return goals.filter(({ inFlight }) => inFlight === undefined || inFlight === settings.inFlight);
}

function mediansIn({ rounds }: CaseResult): MedianOf {
  return (peer, key) => spreadOf(rounds.get(peer) ?? [], key)?.median;
}

function outcome(goal: Goal, medianOf: MedianOf, metrics: readonly Metric[]): string[] {
  const digits = metrics.find(({ key }) => key === goal.key)?.digits ?? 0;
  const label = (key: string) => metrics.find((metric) => metric.key === key)?.label ?? key;
  const wanted = wantedText(goal, (value) => shown(value, digits), label);
  const judged = judge(goal, medianOf);
  if (judged === null) return [wanted, '–', '–', 'not measured'];
  const { figure, target, reached } = judged;
  const of = typeof goal.target === 'number' ? '' : ` = ${shown(target, digits)}`;
  // An order may be below nothing, and then no part of another.
  const part = figure < 0 ? '' : `${ratio(figure / target)} ×`;
  return [wanted + of, shown(figure, digits), part, reached ? REACHED : '**missed**'];
}

/** Close to the goal it needs a digit more, or a goal just missed looks like one just reached. */
function ratio(value: number): string {
  return shown(value, value !== 1 && Math.abs(value - 1) < 0.005 ? 3 : 2);
}

/** All goals of all cases in one table, for whoever reads no further. */
export function verdictLines(results: readonly CaseResult[]): string[] {
  const rows = results.flatMap((result) => {
    const medianOf = mediansIn(result);
    const { scenario } = result;
    return goalsOf(result).map((goal) => {
      const label = scenario.metrics.find(({ key }) => key === goal.key)?.label ?? goal.key;
      return [`${titleOf(result)}: ${label} (${goal.peer})`, ...outcome(goal, medianOf, scenario.metrics)];
    });
  });
  if (rows.length === 0) return [];
  const reached = rows.filter((row) => row.at(-1) === REACHED).length;
  const head = ['goal', 'wanted', 'figure', 'figure ÷ goal', 'verdict'];
  return [`${reached} of ${rows.length} are reached.`, '', ...table(head, rows), ''];
}
