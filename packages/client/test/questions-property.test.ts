import type { Question, StateFrame } from '@belfry/protocol';
import { BelfryError } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Attempt, createQuestionLedger } from '../src/questions/ledger.ts';
import { question } from './support/person.ts';

const ME = { user: '42', name: null };
const CLOSINGS = ['answered', 'expired', 'cancelled'] as const;
/** Longer than what was closed stays to be seen. */
const LONG_MS = 60_000;

type Closing = (typeof CLOSINGS)[number];
type Step =
  | { do: 'ask'; answerBy: Question['answerBy'] }
  | { do: 'deliver' | 'reply' | 'reconnect' }
  | { do: 'close elsewhere'; at: number; as: Closing }
  | { do: 'answer here'; at: number; outcome: 'taken' | 'word lost' | 'refused' }
  | { do: 'dismiss' | 'old news'; at: number }
  | { do: 'wait'; ms: number };

const at = fc.nat({ max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), answerBy: fc.constantFrom('person' as const, 'person', 'service') }),
  fc.record({ do: fc.constantFrom('deliver' as const, 'deliver', 'deliver', 'reply', 'reply', 'reconnect') }),
  fc.record({ do: fc.constant('close elsewhere' as const), at, as: fc.constantFrom(...CLOSINGS) }),
  fc.record({
    do: fc.constant('answer here' as const),
    at,
    outcome: fc.constantFrom('taken' as const, 'word lost', 'refused'),
  }),
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('dismiss' as const, 'old news'), at }) },
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 9_000, LONG_MS) }),
);

/** A server whose events and replies are late, each in its own order, and the ledger of one person's client. */
class Play {
  readonly ledger = createQuestionLedger();
  readonly questions: Question[] = [];
  readonly dismissed = new Set<string>();
  /** Told to be closed, by an event or a reply, since the last state. */
  readonly closed = new Set<string>();
  #events: Question[] = [];
  readonly #replies: (() => void)[] = [];
  #now = 0;

  constructor() {
    for (const answerBy of ['person', 'person', 'service', 'person'] as const) this.#ask(answerBy);
    this.#reconnect();
  }

  run(next: Step): void {
    if (next.do === 'ask') this.#ask(next.answerBy);
    else if (next.do === 'deliver') this.#deliver();
    else if (next.do === 'reply') this.#replies.shift()?.();
    else if (next.do === 'reconnect') this.#reconnect();
    else if (next.do === 'wait') this.#now += next.ms;
    else if (next.do === 'close elsewhere') this.#close(next.at, next.as, { ...ME, user: 'ben' });
    else if (next.do === 'answer here') this.#answer(next.at, next.outcome);
    else if (next.do === 'old news') this.#tellOld(next.at);
    else if (next.do === 'dismiss') this.#dismiss(next.at);
    this.ledger.prune(this.#now);
  }

  /** Everything under way arrives, and what was closed has been shown for long enough. */
  finish(): void {
    while (this.#replies.length > 0) this.#replies.shift()?.();
    while (this.#events.length > 0) this.#deliver();
    this.#now += LONG_MS;
    this.ledger.prune(this.#now);
  }

  shown(): string[] {
    return this.ledger.view(null).map(({ id, status }) => `${id} ${status}`);
  }

  #ask(answerBy: Question['answerBy']): void {
    const asked = question(this.questions.length, { answerBy });
    this.questions.push(asked);
    this.#events.push(asked);
  }

  #deliver(): void {
    const event = this.#events.shift();
    if (event !== undefined) this.#put(event);
  }

  #put(question: Question): void {
    if (question.status !== 'open') this.closed.add(question.id);
    this.ledger.put(question, this.#now);
  }

  /** The state is as the log is now: what is under way in the old stream never comes. */
  #reconnect(): void {
    this.#events = [];
    this.closed.clear();
    const questions = this.questions.filter(
      ({ status, answerBy }) => status === 'open' || (answerBy === 'service' && status === 'answered'),
    );
    this.ledger.stateCame({ questions } as unknown as StateFrame);
  }

  /** Whether it was open until now: the first wins. */
  #close(index: number, status: Closing, by: typeof ME): boolean {
    const open = this.questions[index];
    if (open?.status !== 'open') return false;
    const answer = status === 'answered' ? ({ action: 'accept', content: by.user, by, at: 'then' } as const) : null;
    const closed: Question = { ...open, status, answer };
    this.questions[index] = closed;
    this.#events.push(closed);
    return true;
  }

  #answer(index: number, outcome: 'taken' | 'word lost' | 'refused'): void {
    const shown = this.ledger.view(null).find(({ id }) => id === `q${index}`);
    if (shown?.status !== 'open' || shown.pending || shown.answerBy === 'service') return;
    const answer = { action: 'accept', content: ME.user, by: ME, at: 'here' } as const;
    const attempt = this.ledger.attempt(shown.id, { status: 'answered', answer });
    const isFirst = outcome !== 'refused' && this.#close(index, 'answered', ME);
    const now = this.questions[index] as Question;
    this.#replies.push(() => {
      if (isFirst && outcome === 'taken') this.#put(now);
      else this.#refuse(attempt, now);
    });
  }

  #refuse(attempt: Attempt, now: Question): void {
    this.ledger.takeBack(attempt, new BelfryError('unavailable', 'It was not taken.'));
    // As the store does, which asks where no event tells.
    if (this.ledger.isLeftOut(now.id)) this.#put(this.questions.find(({ id }) => id === now.id) as Question);
    else if (now.status !== 'open') this.#put(now);
  }

  /** A reply from before it was closed, which comes after the word that it was. */
  #tellOld(index: number): void {
    const known = this.ledger.get(`q${index}`);
    if (known !== undefined) this.ledger.put({ ...known, status: 'open', answer: null }, this.#now);
  }

  #dismiss(index: number): void {
    const id = `q${index}`;
    const known = this.ledger.get(id);
    this.ledger.dismiss(id, null);
    if (known !== undefined && known.status !== 'open') this.dismissed.add(id);
  }
}

const steps = fc.array(step, { maxLength: 60, size: 'max' });

test('whatever happens in whatever order, a question is shown once, not as open once it was closed, and not at all once it was dismissed', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const play = new Play();
      for (const next of all) {
        play.run(next);
        const shown = play.ledger.view(null);
        const ids = shown.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(shown.filter(({ id, status }) => status === 'open' && play.closed.has(id))).toEqual([]);
        expect(ids.filter((id) => play.dismissed.has(id))).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

test('once everything has arrived, what is open on the server is shown as open, and of the rest what was asked and answered', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const play = new Play();
      for (const next of all) play.run(next);
      play.finish();
      const stay = ({ id, status, answerBy }: Question) =>
        status === 'open' || (answerBy === 'service' && status === 'answered' && !play.dismissed.has(id));
      const wanted = play.questions.filter(stay).map(({ id, status }) => `${id} ${status}`);
      expect(play.shown().sort()).toEqual(wanted.sort());
      expect(play.ledger.view(null).some(({ pending, elsewhere }) => pending || elsewhere)).toBe(false);
    }),
    { numRuns: 500 },
  );
});
