import type { Ledger } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Reading } from '../reading.ts';
import { checkLedger } from './check-ledger.ts';
import { checkReading } from './check-reading.ts';
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
}

export function judge(log: readonly Logged[], ledger: Ledger, readings: readonly Reading[]): Verdict {
  return {
    faults: [...checkLedger(log, ledger), ...readings.flatMap((reading) => checkReading(log, reading))],
    calls: ledger.size,
    events: log.length,
    deliveries: sum(readings.flatMap(({ spans }) => spans.map(({ seen }) => seen.length))),
    connections: sum(readings.map(({ connections }) => connections)),
    resumes: sum(readings.map(({ resumes }) => resumes)),
    replays: ledger.sent.filter(({ replayed }) => replayed).length,
  };
}

/** For people: what happened, and the first of what went wrong. */
export function describe({ faults, ...counts }: Verdict): string {
  const happened = Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
  const wrong = faults.slice(0, 20).map(({ kind, who, what }) => `- ${kind}: ${who}: ${what}`);
  return [`${happened}, ${faults.length} faults`, ...wrong].join('\n');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
