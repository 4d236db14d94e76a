import type { Logged } from '../log.ts';
import type { Reading } from '../reading.ts';
import { checkSpan } from './check-span.ts';
import { checkState } from './check-state.ts';
import type { Fault } from './fault.ts';

/** All that one reader was given, against the log. Its last span must reach the end. */
export function checkReading(log: readonly Logged[], { viewer, spans, complaints }: Reading): Fault[] {
  const who = viewer.name;
  if (spans.length === 0) return [{ kind: 'lost', who, what: 'it never got as far as a state' }];
  return [
    ...complaints.map((what): Fault => ({ kind: 'protocol', who, what })),
    ...spans.flatMap((span) => checkState(log, viewer, span)),
    ...spans.flatMap((span, index) => checkSpan(log, viewer, span, index === spans.length - 1 ? log.length : null)),
  ];
}
