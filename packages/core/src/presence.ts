import { randomUUID } from 'node:crypto';
import type { Grants } from '@belfry/protocol';
import type { Person } from './principal.ts';
import type { Recorder } from './recorder.ts';
import type { PersonSeen } from './store/delivery-status.ts';
import { type OnError, TellOnce } from './tell-once.ts';

const EVERY_MS = 500;
const STEP = 1_000;
/** Written down again after this, though nothing went on: rows much older are of a process that died. */
const AGAIN_MS = 3_600_000;

interface Written {
  open: number;
  written: number;
  writtenAt: number;
}

/**
 * How far a tenant's streams of this process have been served, or are about to be: where one ends before that, it is said
 * how far it came. Null where there are none.
 */
export type ReachedOf = (tenant: string) => number | null;

/**
 * Who is connected, and how far each person has been sent the log: what the status of a delivery is told from. It is
 * gathered and written down twice a second, a row for each who came or went and one for each tenant that went on; so it
 * costs nothing while nothing happens, and a broadcast costs the same however many listen.
 */
export class Presence {
  readonly #recorder: Recorder;
  readonly #told: TellOnce;
  /** Names this process in the rows of its open streams. */
  readonly #process = randomUUID();
  #people = new Map<string, PersonSeen>();
  /** How many streams each person has open here. */
  readonly #open = new Map<string, number>();
  /** Open streams of each tenant here, and the number that was last written down for it. */
  readonly #tenants = new Map<string, Written>();
  #reachedOf: ReachedOf = () => null;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(recorder: Recorder, onError: OnError) {
    this.#recorder = recorder;
    this.#told = new TellOnce((error) =>
      onError(error, 'who is connected could not be written down; it is tried again'),
    );
  }

  start(reachedOf: ReachedOf): void {
    this.#reachedOf = reachedOf;
    this.#timer ??= setInterval(() => this.#flush(), EVERY_MS);
  }

  /** Resolves when the last of it has been written down, or could not be. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#flush();
    await this.#flushing;
  }

  /** An unfiltered stream has become live: what comes is sent to it. */
  opened(person: Person, grants: Grants): void {
    const seen = this.#person(person);
    seen.open += 1;
    seen.grants = grants;
    this.#open.set(keyOf(person), seen.open);
    this.#tenant(person.tenant).open += 1;
  }

  /** What they hold has changed in mid-stream; or they came by one that leaves things out, and so was sent nothing. */
  holds(person: Person, grants: Grants): void {
    this.#person(person).grants = grants;
  }

  /** Such a stream has ended. `n`: all up to there was sent. */
  closed(person: Person, n: number): void {
    const seen = this.#person(person);
    seen.sent = Math.max(seen.sent, n);
    seen.open -= 1;
    if (seen.open === 0) this.#open.delete(keyOf(person));
    else this.#open.set(keyOf(person), seen.open);
    this.#tenant(person.tenant).open -= 1;
  }

  /** Sent otherwise than by a stream that is open: as the answer to a poll. */
  sent(person: Person, n: number, grants: Grants): void {
    const seen = this.#person(person);
    seen.sent = Math.max(seen.sent, n);
    seen.grants = grants;
  }

  #person(person: Pick<Person, 'tenant' | 'user'>): PersonSeen {
    const key = keyOf(person);
    const { tenant, user } = person;
    const seen = this.#people.get(key) ?? { tenant, user, grants: null, open: this.#open.get(key) ?? 0, sent: 0 };
    this.#people.set(key, seen);
    return seen;
  }

  #tenant(tenant: string): Written {
    const known = this.#tenants.get(tenant) ?? { open: 0, written: 0, writtenAt: 0 };
    this.#tenants.set(tenant, known);
    return known;
  }

  #flush(): void {
    this.#flushing = this.#flushing.then(() => this.#told.watch(() => this.#writeDown()));
  }

  async #writeDown(): Promise<void> {
    const reached = this.#reached();
    const people = [...this.#people.values()];
    if (people.length + reached.length === 0) return;
    this.#people = new Map();
    let written = 0;
    try {
      do {
        const step = people.slice(written, written + STEP);
        const input = { process: this.#process, people: step, reached: written === 0 ? reached : [] };
        await this.#recorder.commit('presence', input);
        written += STEP;
      } while (written < people.length);
    } catch (error) {
      for (const seen of people.slice(written)) this.#putBack(seen);
      throw error;
    }
    for (const { tenant, n } of reached)
      Object.assign(this.#tenant(tenant), { written: n, writtenAt: performance.now() });
    for (const [tenant, { open }] of this.#tenants) if (open === 0) this.#tenants.delete(tenant);
  }

  #reached(): { tenant: string; n: number }[] {
    const before = performance.now() - AGAIN_MS;
    return [...this.#tenants].flatMap(([tenant, { open, written, writtenAt }]) => {
      const n = open === 0 ? null : this.#reachedOf(tenant);
      return n === null || (n === written && writtenAt > before) ? [] : [{ tenant, n }];
    });
  }

  /** What came since is newer; how many streams are open is known anyway. */
  #putBack(before: PersonSeen): void {
    const seen = this.#person(before);
    seen.sent = Math.max(seen.sent, before.sent);
    seen.grants ??= before.grants;
  }
}

function keyOf({ tenant, user }: Pick<Person, 'tenant' | 'user'>): string {
  return `${tenant}\n${user}`;
}
