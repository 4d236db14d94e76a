import type { Logged } from '../log.ts';
import type { RunSeen } from '../reading.ts';
import type { Holding } from './holding.ts';

/** How things of one kind are known, and end. */
interface Life {
  idOf: (event: Logged) => string | null | undefined;
  /** Types of the events after which it stands no more. */
  ends: readonly string[];
}

const INBOX: Life = {
  idOf: ({ type, notification }) => (type.startsWith('notification.') ? notification : null),
  ends: ['notification.withdrawn'],
};
const QUESTIONS: Life = {
  idOf: ({ question }) => question?.id,
  ends: ['question.answered', 'question.expired', 'question.cancelled'],
};
const RUNS: Life = { idOf: ({ run }) => run?.id, ends: ['run.finished'] };

/** Ids, newest first, of all that is in their inbox at that number, whenever it was written. */
export function inboxAt(log: readonly Logged[], at: number, holding: Holding): string[] {
  return standing(log, at, holding, INBOX).map(([id]) => id);
}

/**
 * One that was over by the clock, although the log did not say so yet, is optional: whether it expired, or an answer came
 * in time and was held up on its way to the log, nobody knew.
 */
export interface OpenQuestion {
  id: string;
  isOptional: boolean;
}

/**
 * The open questions, newest first. Persons ask nothing in these runs: there are none of their own beside them.
 *
 * @param by the latest that a process may have taken it to be: nothing that ends later could be left out.
 */
export function questionsAt(log: readonly Logged[], at: number, holding: Holding, by: number): OpenQuestion[] {
  return standing(log, at, holding, QUESTIONS).map(([id, { question }]) => ({
    id,
    isOptional: question?.expiresAt != null && Date.parse(question.expiresAt) <= by,
  }));
}

/** The unfinished runs, newest first, each as the log last told of it. */
export function runsAt(log: readonly Logged[], at: number, holding: Holding): RunSeen[] {
  return standing(log, at, holding, RUNS).flatMap(([, { run }]) => run ?? []);
}

/** What has begun, is theirs at that number and has not ended, newest first, with the last word about each. */
function standing(
  log: readonly Logged[],
  at: number,
  holding: Holding,
  { idOf, ends }: Life,
): (readonly [id: string, last: Logged])[] {
  // One that is told of again keeps its place.
  const last = new Map<string, Logged>();
  for (const event of log.slice(0, at)) {
    const id = idOf(event);
    if (id != null) last.set(id, event);
  }
  return [...last]
    .reverse()
    .filter(([, event]) => !ends.includes(event.type) && holding.channelAt(at, event.to) !== null);
}
