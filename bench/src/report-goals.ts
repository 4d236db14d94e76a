import { shown, table } from './report-table.ts';
import { type CaseResult, spreadOf } from './results.ts';
import { type Goal, judge, type MedianOf } from './scenarios/goal.ts';

/** A row for each goal of a scenario: what was wanted, what came out, and whether that will do. */
export function goalLines({ case: { scenario }, rounds }: CaseResult): string[] {
  if (scenario.goals === undefined) return [];
  const medianOf: MedianOf = (peer, key) => spreadOf(rounds.get(peer) ?? [], key)?.median;
  const rows = scenario.goals.map((goal) => {
    const metric = scenario.metrics.find(({ key }) => key === goal.key);
    const digits = metric?.digits ?? 0;
    return [`${goal.peer}: ${metric?.label ?? goal.key}`, ...outcome(goal, medianOf, digits)];
  });
  return [...table(['', 'goal', 'figure', 'figure ÷ goal', 'verdict'], rows), ''];
}

function outcome(goal: Goal, medianOf: MedianOf, digits: number): string[] {
  const judged = judge(goal, medianOf);
  if (judged === null) return [wanted(goal, digits), '–', '–', 'not measured'];
  const { figure, target, reached } = judged;
  const of = typeof goal.target === 'number' ? '' : ` = ${shown(target, digits)}`;
  const verdict = reached ? 'reached' : '**missed**';
  return [wanted(goal, digits) + of, shown(figure, digits), `${ratio(figure / target)} ×`, verdict];
}

/** Close to the goal it needs a digit more, or a goal just missed looks like one just reached. */
function ratio(value: number): string {
  return shown(value, value !== 1 && Math.abs(value - 1) < 0.005 ? 3 : 2);
}

function wanted({ is, target }: Goal, digits: number): string {
  const what = typeof target === 'number' ? shown(target, digits) : `${target.share} × ${target.of}`;
  return `${is} ${what}`;
}
