import type { BelfryError, Question, StateFrame } from '@belfry/protocol';
import type { QuestionItem } from './questions.ts';
import { hasExpired, timeLeft } from './view.ts';

/** How long a question that was closed stays, so that somebody who is about to answer it sees why it goes. */
const LINGER_MS = 10_000;

/** What was done here to a question: shown upon what the log has told, until the server has answered. */
export interface Attempt {
  readonly change: Pick<Question, 'status' | 'answer'>;
  pending: boolean;
  error: BelfryError | null;
}

interface Closed {
  /** By our own clock. */
  readonly until: number;
  readonly elsewhere: boolean;
}

/** What the log has told of questions, and what was done to them here. No requests and no clock of its own. */
export interface QuestionLedger {
  isReady(): boolean;
  get(id: string): Question | undefined;
  stateCame(state: StateFrame): void;
  /** From an event, or from the answer to a call, which may be ahead of the events: what is closed stays closed. */
  put(question: Question, now: number): void;
  attempt(id: string, change: Attempt['change']): Attempt;
  /** Kept with its reason: where only the server's answer was lost, its event still tells that it was ours. */
  takeBack(attempt: Attempt, error: BelfryError): void;
  /** Whether only the server can tell what became of it. */
  isLeftOut(id: string): boolean;
  remove(id: string): void;
  dismiss(id: string, serverNow: number | null): void;
  /** Forgets what has been shown for long enough. */
  prune(now: number): void;
  /** `serverNow`: null where it is not known; then nothing expires but by its event. */
  view(serverNow: number | null): QuestionItem[];
  /** When something changes by time alone: in milliseconds from now; null: never. */
  nextChange(now: number, serverNow: number | null): number | null;
}

export function createQuestionLedger(): QuestionLedger {
  let known = new Map<string, Question>();
  const attempts = new Map<string, Attempt>();
  /** Those that were seen open and are not any more. */
  const closed = new Map<string, Closed>();
  let dismissed = new Set<string>();
  /** Those that the last state left out while something was tried: whatever closed them comes in no event. */
  let leftOut = new Set<string>();
  let ready = false;

  const isShown = ({ id, status, answerBy }: Question): boolean =>
    !dismissed.has(id) && (status === 'open' || closed.has(id) || (answerBy === 'service' && status === 'answered'));

  /** What has only expired here stays known, so that its event is not taken for something new. */
  const drop = ({ id, status, answerBy }: Question): void => {
    if (status === 'open') return;
    known.delete(id);
    attempts.delete(id);
    // Answered ones of one's own come again with a state; of what was closed for others to see nothing ever does.
    if (answerBy === 'person') dismissed.delete(id);
  };

  const itemOf = (question: Question, serverNow: number | null): QuestionItem => {
    const attempt = attempts.get(question.id);
    const expired = hasExpired(question, serverNow);
    return {
      ...question,
      ...(expired && { status: 'expired' }),
      ...(attempt?.pending && attempt.change),
      pending: attempt?.pending ?? false,
      elsewhere: closed.get(question.id)?.elsewhere ?? expired,
      error: attempt?.error ?? null,
    };
  };

  return {
    isReady: () => ready,
    get: (id) => known.get(id),
    stateCame: ({ questions }) => {
      const kept = [...known.values()].filter(({ id }) => closed.has(id) || attempts.get(id)?.pending);
      leftOut = new Set(kept.filter(({ status }) => status === 'open').map(({ id }) => id));
      known = new Map([...kept, ...questions].map((one) => [one.id, one]));
      for (const { id, status } of questions) {
        leftOut.delete(id);
        if (status === 'open') closed.delete(id);
      }
      for (const id of attempts.keys()) if (!known.has(id)) attempts.delete(id);
      dismissed = new Set([...dismissed].filter((id) => known.has(id)));
      ready = true;
    },
    put: (question, now) => {
      const { id, status } = question;
      const last = known.get(id);
      if (status === 'open' && last !== undefined && last.status !== 'open') return;
      if (status !== 'open' && last === undefined && question.answerBy === 'person') return;
      known.set(id, question);
      if (status === 'open' || last?.status !== 'open') return;
      leftOut.delete(id);
      closed.set(id, { until: now + LINGER_MS, elsewhere: !isOurs(question, attempts.get(id)) });
      attempts.delete(id);
    },
    attempt: (id, change) => {
      const attempt: Attempt = { change, pending: true, error: null };
      attempts.set(id, attempt);
      return attempt;
    },
    takeBack: (attempt, error) => {
      attempt.pending = false;
      attempt.error = error;
    },
    isLeftOut: (id) => leftOut.has(id),
    remove: (id) => {
      for (const one of [known, attempts, closed, leftOut]) one.delete(id);
    },
    dismiss: (id, serverNow) => {
      const question = known.get(id);
      if (question === undefined || (question.status === 'open' && !hasExpired(question, serverNow))) return;
      closed.delete(id);
      // Remembered: the state has answered ones of one's own, and one that has expired here may still get its event.
      dismissed.add(id);
    },
    prune: (now) => {
      for (const [id, { until }] of closed) if (until <= now) closed.delete(id);
      for (const question of known.values()) if (!isShown(question)) drop(question);
    },
    view: (serverNow) => [...known.values()].filter(isShown).map((question) => itemOf(question, serverNow)),
    nextChange: (now, serverNow) => {
      const ends = [...closed.values()].map(({ until }) => until - now);
      for (const question of known.values()) {
        const ms = question.status === 'open' && timeLeft(question, serverNow);
        if (ms) ends.push(ms);
      }
      return ends.length === 0 ? null : Math.max(0, Math.min(...ends));
    },
  };
}

/** Whether it was closed by what was tried here. */
function isOurs({ status, answer }: Question, attempt: Attempt | undefined): boolean {
  const tried = attempt?.change;
  if (tried === undefined || tried.status !== status) return false;
  if (tried.answer === null || answer === null) return tried.answer === answer;
  const same = JSON.stringify(tried.answer.content) === JSON.stringify(answer.content);
  return same && tried.answer.action === answer.action && tried.answer.by.user === answer.by.user;
}
