import type { Logged } from '../log.ts';
import type { Reading } from '../reading.ts';
import { checkOwedStates, checkRestarts } from './check-access.ts';
import { checkSpan, numberOf } from './check-span.ts';
import { checkState } from './check-state.ts';
import type { Fault } from './fault.ts';
import { Holding } from './holding.ts';
import type { TurnedAhead } from './turned-ahead.ts';

/** All that one reader was given, against the log. Its last span must reach the end. */
export function checkReading(log: readonly Logged[], reading: Reading, turns: readonly TurnedAhead[] = []): Fault[] {
  const { viewer, spans, complaints } = reading;
  const who = viewer.name;
  if (spans.length === 0) return [{ kind: 'lost', who, what: 'it never got as far as a state' }];
  const holding = new Holding(log, viewer);
  const ends = spans.map(({ upTo }) => (upTo === null ? null : numberOf(upTo)));
  ends[ends.length - 1] = log.length;
  return [
    ...complaints.map((what): Fault => ({ kind: 'protocol', who, what })),
    ...spans.flatMap((span) => checkState(log, viewer, span, holding, turns)),
    ...spans.flatMap((span, index) => checkSpan(log, viewer, span, ends[index] ?? null, holding)),
    ...checkRestarts(reading, holding),
    ...checkOwedStates(reading, holding),
  ];
}
