import { LIMITS } from '@belfry/protocol';
import type { Logged } from '../log.ts';
import type { RunSeen, Span, StateSeen } from '../reading.ts';
import type { Viewer } from '../viewer.ts';
import { numberOf } from './check-span.ts';
import type { Fault } from './fault.ts';
import { Holding } from './holding.ts';
import { inboxAt, type OpenQuestion, questionsAt, runsAt } from './stood-at.ts';
import { latestAt, type TurnedAhead } from './turned-ahead.ts';

/** A `state` against what the log says stood there at its cursor. Nobody marks anything in these runs. */
export function checkState(
  log: readonly Logged[],
  viewer: Viewer,
  { from, state }: Pick<Span, 'from' | 'state'>,
  holding: Holding = new Holding(log, viewer),
  turns: readonly TurnedAhead[] = [],
): Fault[] {
  const at = numberOf(from);
  const wrong = [
    wrongInbox(state, inboxAt(log, at, holding), viewer),
    wrongQuestions(state, questionsAt(log, at, holding, latestAt(state.at, turns))),
    wrongRuns(state, runsAt(log, at, holding)),
  ];
  return wrong
    .filter((what) => what !== null)
    .map((what) => ({ kind: 'state', who: viewer.name, what: `state at ${from} shows ${what}` }));
}

function wrongInbox({ items, unread, unseen }: StateSeen, inbox: readonly string[], viewer: Viewer): string | null {
  const count = viewer.isService ? 0 : Math.min(inbox.length, LIMITS.countCap);
  const isRight = String(items) === String(inbox.slice(0, LIMITS.page)) && unread === count && unseen === count;
  if (isRight) return null;
  return `${items.length} items, ${unread} unread, ${unseen} unseen; the log has ${inbox.length}`;
}

function wrongQuestions({ questions }: StateSeen, open: readonly OpenQuestion[]): string | null {
  const shown = new Set(questions);
  const expected = open.filter(({ id, isOptional }) => !isOptional || shown.has(id)).map(({ id }) => id);
  return difference('questions', questions, expected.slice(0, LIMITS.openQuestions));
}

function wrongRuns({ runs }: StateSeen, open: readonly RunSeen[]): string | null {
  return difference('runs', runs.map(inWords), open.slice(0, LIMITS.stateRuns).map(inWords));
}

function inWords({ id, status, progress }: RunSeen): string {
  return `${id} ${status} ${progress}`;
}

function difference(name: string, shown: readonly string[], expected: readonly string[]): string | null {
  if (String(shown) === String(expected)) return null;
  const [more, less] = [without(shown, expected), without(expected, shown)];
  if (more.length + less.length === 0) return `${name} in another order than the log, or twice: ${shown}`;
  return `${name} that do not belong there: ${more.join() || 'none'}; missing: ${less.join() || 'none'}`;
}

function without(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((one) => !others.includes(one));
}
