import { isFinished, type Run, type StateFrame } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRunLedger } from '../src/runs/ledger.ts';
import { run } from './support/person.ts';

const at = fc.nat({ max: 2 });

type Step =
  | { do: 'start' | 'deliver' | 'reply' | 'reconnect' }
  | { do: 'progress' | 'finish' | 'cancel' | 'dismiss'; at: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('start' as const, 'deliver', 'deliver', 'reply', 'reply', 'reconnect') }),
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('progress' as const, 'finish', 'cancel', 'dismiss'), at }) },
);

/** A server whose events and replies are late, each in its own order, and the ledger of one person's client. */
class Play {
  readonly ledger = createRunLedger();
  readonly runs: Run[] = [];
  readonly dismissed = new Set<string>();
  #events: Run[] = [];
  readonly #replies: (() => void)[] = [];

  constructor() {
    for (let count = 0; count < 2; count += 1) this.#start();
    this.#reconnect();
  }

  run(next: Step): void {
    if (next.do === 'start') this.#start();
    else if (next.do === 'deliver') this.#deliver();
    else if (next.do === 'reply') this.#replies.shift()?.();
    else if (next.do === 'reconnect') this.#reconnect();
    else if (next.do === 'progress') this.#change(next.at, { message: 'further' });
    else if (next.do === 'finish') this.#change(next.at, { status: 'succeeded' });
    else if (next.do === 'cancel') this.#cancel(next.at);
    else if (next.do === 'dismiss') this.#dismiss(next.at);
  }

  finish(): void {
    while (this.#replies.length > 0) this.#replies.shift()?.();
    while (this.#events.length > 0) this.#deliver();
  }

  #start(): void {
    const started = run(this.runs.length);
    this.runs.push(started);
    this.#events.push(started);
  }

  #deliver(): void {
    const event = this.#events.shift();
    if (event !== undefined) this.ledger.put(event);
  }

  /** The state is as the log is now; of what it leaves out the store asks how it ended. */
  #reconnect(): void {
    this.#events = [];
    const runs = this.runs.filter(({ status }) => !isFinished(status));
    for (const id of this.ledger.stateCame({ runs } as unknown as StateFrame)) {
      const ended = this.runs.find((one) => one.id === id) as Run;
      this.#replies.push(() => this.ledger.ended(ended));
    }
  }

  #change(index: number, fields: Partial<Run>): boolean {
    const last = this.runs[index];
    if (last === undefined || isFinished(last.status)) return false;
    this.runs[index] = { ...last, ...fields };
    this.#events.push(this.runs[index] as Run);
    return true;
  }

  #cancel(index: number): void {
    const id = `r${index}`;
    if (this.ledger.view().find((one) => one.id === id)?.status !== 'running') return;
    this.ledger.cancel(id);
    const isTaken = this.#change(index, { status: 'cancelled' });
    const now = this.runs[index] as Run;
    this.#replies.push(() => {
      if (isTaken) this.ledger.put(now);
      this.ledger.cancelEnded(id);
    });
  }

  #dismiss(index: number): void {
    const id = `r${index}`;
    // Only what the log has told to be finished goes: not what is only being cancelled.
    const isShown = () => this.ledger.view().some((one) => one.id === id);
    if (!isShown()) return;
    this.ledger.dismiss(id);
    if (!isShown()) this.dismissed.add(id);
  }
}

const steps = fc.array(step, { maxLength: 60, size: 'max' });

test('whatever happens in whatever order, a run is shown once, and not again once it was dismissed', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const play = new Play();
      for (const next of all) {
        play.run(next);
        const ids = play.ledger.view().map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((id) => play.dismissed.has(id))).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

test('once everything has arrived, all that is under way is shown as the server has it, and nothing else as under way', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const play = new Play();
      for (const next of all) play.run(next);
      play.finish();
      const shown = new Map(play.ledger.view().map((one) => [one.id, one]));
      for (const one of play.runs) {
        if (!isFinished(one.status)) expect(shown.get(one.id)).toEqual(one);
        else if (shown.has(one.id)) expect(shown.get(one.id)).toEqual(one);
      }
    }),
    { numRuns: 500 },
  );
});
