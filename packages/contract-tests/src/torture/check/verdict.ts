import type { Ledger } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Reading } from '../reading.ts';
import { checkAccessCalls } from './check-access.ts';
import { checkEarly, countOvertaking } from './check-early.ts';
import { checkLate } from './check-late.ts';
import { checkLedger } from './check-ledger.ts';
import { checkQuestions } from './check-questions.ts';
import { checkReading } from './check-reading.ts';
import { checkRuns } from './check-runs.ts';
import type { Fault } from './fault.ts';

/** What a run came to. */
export interface Verdict {
  faults: Fault[];
  /** Calls, events stored, events handed over, connections, and resumes among them. */
  calls: number;
  events: number;
  deliveries: number;
  connections: number;
  resumes: number;
  /** Calls whose first answer was lost and that a retry found done. */
  replays: number;
  /**
   * SQL transactions that were committed, those among them whose answer was lost, those that were undone, and events
   * that overtook one that stayed open.
   */
  transactions: number;
  found: number;
  undone: number;
  overtaking: number;
  /** Changes of who holds what, in the log. */
  changes: number;
  /** Questions that were asked, and lines of runs that followers were given. */
  questions: number;
  lines: number;
  /** Of those who followed a run, how many are known to have lost it. */
  losses: number;
  /** Those that states showed. */
  openQuestions: number;
  openRuns: number;
}

export function judge(log: readonly Logged[], ledger: Ledger, readings: readonly Reading[]): Verdict {
  const transactions = ledger.sent.filter(({ row }) => row !== undefined);
  const spans = readings.flatMap((reading) => reading.spans);
  const faults = [
    ...ledger.complaints.map((what): Fault => ({ kind: 'protocol', who: 'the bench', what })),
    ...checkLedger(log, ledger),
    ...checkLate(log, ledger),
    ...checkAccessCalls(log, ledger),
    ...checkQuestions(log, ledger),
    ...checkRuns(log, ledger),
    ...readings.flatMap((reading) => checkReading(log, reading, ledger.turns)),
    ...readings.flatMap((reading) => checkEarly(ledger, reading)),
  ];
  return {
    faults,
    calls: ledger.size,
    events: log.length,
    deliveries: sum(spans.map(({ seen }) => seen.length)),
    connections: sum(readings.map(({ connections }) => connections)),
    resumes: sum(readings.map(({ resumes }) => resumes)),
    replays: ledger.sent.filter(({ replayed }) => replayed).length,
    transactions: transactions.filter(({ outcome }) => outcome !== 'undone').length,
    found: transactions.filter(({ outcome }) => outcome === 'found').length,
    undone: transactions.filter(({ outcome }) => outcome === 'undone').length,
    overtaking: countOvertaking(ledger, readings),
    changes: log.filter(({ access }) => access.length > 0).length,
    questions: ledger.questions.length,
    lines: sum(ledger.runs.flatMap(({ followings }) => followings.map(({ lines }) => lines.length))),
    losses: ledger.runs.flatMap(({ lost }) => lost.filter(({ at }) => at !== null)).length,
    openQuestions: sum(spans.map(({ state }) => state.questions.length)),
    openRuns: sum(spans.map(({ state }) => state.runs.length)),
  };
}

/** For people: what happened, and the first of what went wrong. */
export function describe({ faults, ...counts }: Verdict): string {
  const happened = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
  const wrong = faults.slice(0, 20).map(({ kind, who, what }) => `- ${kind}: ${who}: ${what}`);
  return [`${happened}, ${faults.length} faults`, ...wrong].join('\n');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
