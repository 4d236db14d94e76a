import type { ReadName, Reads } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';

/** Lists under way at once. They look through many items, and everybody's `state` waits behind them. */
const AT_ONCE = 2;
/** How many more one person, or the services of one tenant, may have waiting. */
const WAITING_EACH = 16;
const WAITING_ALL = 1_000;

/** Lists that only services have. */
const OF_SERVICES: ReadonlySet<ReadName> = new Set(['notifications', 'recipients', 'recipientCounts']);

type Work = () => Promise<unknown>;

/**
 * Lets reads through to the engine: most at once, the lists a few at a time, so that whoever pages through an inbox
 * doesn't hold up those who connect. Each person, and each tenant's services, get a turn after the other.
 */
export class ListTurns {
  /** Who has turned up and what they wait with, whose turn it is first. */
  readonly #waiting = new Map<string, Work[]>();
  #waitingAll = 0;
  #running = 0;

  /** @throws BelfryError `rate_limited` where its owner has too many waiting, `unavailable` where all have. */
  run<Name extends ReadName>(name: Name, input: Reads[Name]['in'], work: Work): Promise<unknown> {
    const owner = ownerOf(name, input);
    if (owner === null) return work();
    return this.#running < AT_ONCE ? this.#start(work) : this.#wait(owner, work);
  }

  async #start(work: Work): Promise<unknown> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  async #wait(owner: string, work: Work): Promise<unknown> {
    const queue = this.#waiting.get(owner) ?? [];
    if (queue.length >= WAITING_EACH) throw tooManyAtOnce();
    if (this.#waitingAll >= WAITING_ALL) throw tooManyInAll();
    this.#waitingAll += 1;
    this.#waiting.set(owner, queue);
    return new Promise((resolve, reject) => queue.push(() => this.#start(work).then(resolve, reject)));
  }

  #next(): void {
    const [turn] = this.#waiting;
    if (turn === undefined) return;
    const [owner, queue] = turn;
    this.#waiting.delete(owner);
    const work = queue.shift();
    if (queue.length > 0) this.#waiting.set(owner, queue);
    this.#waitingAll -= 1;
    void work?.();
  }
}

/** Whose list it is; null for what is no list. */
function ownerOf<Name extends ReadName>(name: Name, input: Reads[Name]['in']): string | null {
  if (OF_SERVICES.has(name)) return (input as Reads['notifications']['in']).tenant;
  if (name === 'questions') return questionsOwner(input as Reads['questions']['in']);
  if (name === 'runLines') return (input as Reads['runLines']['in']).log;
  if (name !== 'inbox' && name !== 'runs') return null;
  const { tenant, reader } = input as Partial<Reads['runs']['in']>;
  return reader == null ? (tenant as string) : `${reader.tenant}/${reader.user}`;
}

function questionsOwner({ tenant, reader }: Reads['questions']['in']): string {
  return reader === undefined ? tenant : `${tenant}/${reader.user}`;
}

function tooManyAtOnce(): BelfryError {
  const message = 'Too many lists at once. Wait for the answers to those under way.';
  return new BelfryError('rate_limited', message, { retryAfter: 1 });
}

function tooManyInAll(): BelfryError {
  const message = 'The database is behind with its lists. Try again in a moment.';
  return new BelfryError('unavailable', message, { retryAfter: 1 });
}
