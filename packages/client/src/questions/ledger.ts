import type { BelfryError, Question, StateFrame } from '@belfry/protocol';
import type { QuestionItem } from './questions.ts';
import { hasExpired } from './view.ts';

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
export class QuestionLedger {
  #known = new Map<string, Question>();
  readonly #attempts = new Map<string, Attempt>();
  /** Those that were seen open and are not any more. */
  readonly #closed = new Map<string, Closed>();
  #dismissed = new Set<string>();
  /** Those that the last state left out while something was tried: whatever closed them comes in no event. */
  #leftOut = new Set<string>();
  ready = false;

  get(id: string): Question | undefined {
    return this.#known.get(id);
  }

  stateCame({ questions }: StateFrame): void {
    const kept = [...this.#known.values()].filter(({ id }) => this.#closed.has(id) || this.#attempts.get(id)?.pending);
    this.#leftOut = new Set(kept.filter(({ status }) => status === 'open').map(({ id }) => id));
    for (const { id } of questions) this.#leftOut.delete(id);
    this.#known = new Map([...kept, ...questions].map((one) => [one.id, one]));
    for (const { id, status } of questions) if (status === 'open') this.#closed.delete(id);
    for (const id of this.#attempts.keys()) if (!this.#known.has(id)) this.#attempts.delete(id);
    this.#dismissed = new Set([...this.#dismissed].filter((id) => this.#known.has(id)));
    this.ready = true;
  }

  /** From an event, or from the answer to a call, which may be ahead of the events: what is closed stays closed. */
  put(question: Question, now: number): void {
    const { id, status } = question;
    const last = this.#known.get(id);
    if (status === 'open' && last !== undefined && last.status !== 'open') return;
    if (status !== 'open' && last === undefined && question.answerBy === 'person') return;
    this.#known.set(id, question);
    if (status === 'open' || last?.status !== 'open') return;
    this.#leftOut.delete(id);
    const elsewhere = !isOurs(question, this.#attempts.get(id));
    this.#closed.set(id, { until: now + LINGER_MS, elsewhere });
    this.#attempts.delete(id);
  }

  attempt(id: string, change: Attempt['change']): Attempt {
    const attempt: Attempt = { change, pending: true, error: null };
    this.#attempts.set(id, attempt);
    return attempt;
  }

  /** Kept with its reason: where only the server's answer was lost, its event still tells that it was ours. */
  takeBack(attempt: Attempt, error: BelfryError): void {
    attempt.pending = false;
    attempt.error = error;
  }

  /** Whether only the server can tell what became of it. */
  isLeftOut(id: string): boolean {
    return this.#leftOut.has(id);
  }

  remove(id: string): void {
    this.#known.delete(id);
    this.#attempts.delete(id);
    this.#closed.delete(id);
    this.#leftOut.delete(id);
  }

  dismiss(id: string, serverNow: number | null): void {
    const question = this.#known.get(id);
    if (question === undefined || (question.status === 'open' && !hasExpired(question, serverNow))) return;
    this.#closed.delete(id);
    // Remembered: the state has answered ones of one's own, and one that has expired here may still get its event.
    this.#dismissed.add(id);
  }

  /** Forgets what has been shown for long enough. */
  prune(now: number): void {
    for (const [id, { until }] of this.#closed) if (until <= now) this.#closed.delete(id);
    for (const question of this.#known.values()) if (!this.#isShown(question)) this.#drop(question);
  }

  /** `serverNow`: null where it is not known; then nothing expires but by its event. */
  view(serverNow: number | null): QuestionItem[] {
    return [...this.#known.values()]
      .filter((question) => this.#isShown(question))
      .map((question) => this.#item(question, serverNow));
  }

  /** When something changes by time alone: in milliseconds from now; null: never. */
  nextChange(now: number, serverNow: number | null): number | null {
    const ends = [...this.#closed.values()].map(({ until }) => until - now);
    if (serverNow !== null)
      for (const one of this.#known.values()) if (lives(one, serverNow)) ends.push(left(one, serverNow));
    return ends.length === 0 ? null : Math.max(0, Math.min(...ends));
  }

  #item(question: Question, serverNow: number | null): QuestionItem {
    const attempt = this.#attempts.get(question.id);
    const closed = this.#closed.get(question.id);
    const expired = hasExpired(question, serverNow);
    return {
      ...question,
      ...(expired ? { status: 'expired' as const } : {}),
      ...(attempt?.pending ? attempt.change : {}),
      pending: attempt?.pending ?? false,
      elsewhere: closed?.elsewhere ?? expired,
      error: attempt?.error ?? null,
    };
  }

  #isShown({ id, status, answerBy }: Question): boolean {
    if (this.#dismissed.has(id)) return false;
    return status === 'open' || this.#closed.has(id) || (answerBy === 'service' && status === 'answered');
  }

  /** What has only expired here stays known, so that its event is not taken for something new. */
  #drop({ id, status, answerBy }: Question): void {
    if (status === 'open') return;
    this.#known.delete(id);
    this.#attempts.delete(id);
    // Answered ones of one's own come again with a state; of what was closed for others to see nothing ever does.
    if (answerBy === 'person') this.#dismissed.delete(id);
  }
}

/** Whether it was closed by what was tried here. */
function isOurs({ status, answer }: Question, attempt: Attempt | undefined): boolean {
  const tried = attempt?.change;
  if (tried === undefined || tried.status !== status) return false;
  if (tried.answer === null || answer === null) return tried.answer === answer;
  const same = JSON.stringify(tried.answer.content) === JSON.stringify(answer.content);
  return same && tried.answer.action === answer.action && tried.answer.by.user === answer.by.user;
}

function lives(question: Question, serverNow: number): boolean {
  return question.status === 'open' && question.expiresAt !== null && !hasExpired(question, serverNow);
}

function left({ expiresAt }: Question, serverNow: number): number {
  return Date.parse(expiresAt as string) - serverNow;
}
