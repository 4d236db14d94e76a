import { BelfryError, grantsOf } from '@belfry/protocol';
import { type AppAnswer, type AskApp, answerOf, type Who } from './app-answer.ts';
import type { Clock } from './clock.ts';
import { type Person, type Reader, readerOf } from './principal.ts';
import type { Recorder } from './recorder.ts';

const CACHE_MS = 60_000;
const CACHE_SIZE = 10_000;

interface Cached {
  answer: Promise<AppAnswer | null>;
  /** The person's last `access.invalidated` that was known when the app was asked. */
  asOf: number;
  until: number;
}

/**
 * Access by an embedding app's own rules: what it answers takes the place of a token's roles and channels. Answers are
 * kept for a minute, and no longer than until the app says that something has changed: that is an event of the log, so
 * that every process hears of it, and an answer that was begun before it is not used after it.
 */
export class AppAccess {
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #ask: AskApp | null;
  readonly #cache = new Map<string, Cached>();

  constructor(recorder: Recorder, clock: Clock, ask: AskApp | null) {
    this.#recorder = recorder;
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Whether an app is asked at all. */
  get isAsked(): boolean {
    return this.#ask !== null;
  }

  /** Something the app answers for this person has changed. */
  async invalidate(tenant: string, user: string): Promise<void> {
    await this.#recorder.commit('invalidate', { tenant, user });
  }

  /** The person with what they hold now. */
  async now(person: Person): Promise<Person> {
    if (this.#ask === null) return person;
    const reader = readerOf(person, this.#clock.now());
    const { rows } = await this.#recorder.store.read('access', { reader });
    return this.asOf(person, rows.invalidatedAt);
  }

  /** A reader whose access has moved on, with what they hold now. @throws BelfryError as `asOf` does. */
  async again(reader: Reader): Promise<Reader> {
    if (this.#ask === null) return reader;
    const { rows } = await this.#recorder.store.read('access', { reader });
    const answer = await this.#allowed(this.#ask, reader, rows.invalidatedAt);
    const grants = grantsOf(reader.user, answer.roles, answer.channels);
    return { ...reader, grants, answeredAt: rows.invalidatedAt };
  }

  /**
   * The person by an answer that was begun after this event of theirs.
   *
   * @throws BelfryError `forbidden` where the app says that they may not be here.
   */
  async asOf(person: Person, n: number): Promise<Person> {
    if (this.#ask === null) return person;
    const answer = await this.#allowed(this.#ask, person, n);
    return { ...person, roles: [...answer.roles], channels: [...answer.channels], issuedAt: null, answeredAt: n };
  }

  async #allowed(ask: AskApp, who: Who, n: number): Promise<AppAnswer> {
    const answer = await this.#answer(ask, who, n);
    if (answer === null) throw new BelfryError('forbidden', 'You have no access here any more.');
    return answer;
  }

  #answer(ask: AskApp, { tenant, user }: Who, n: number): Promise<AppAnswer | null> {
    const key = `${tenant}\n${user}`;
    const now = this.#clock.now();
    const cached = this.#cache.get(key);
    if (cached !== undefined && cached.asOf >= n && cached.until > now) return cached.answer;
    const answer = answerOf(ask, { tenant, user });
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    const entry = { answer, asOf: n, until: now + CACHE_MS };
    this.#cache.set(key, entry);
    answer.catch(() => {
      if (this.#cache.get(key) === entry) this.#cache.delete(key);
    });
    return answer;
  }
}
