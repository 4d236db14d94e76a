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

interface Followed {
  /** How many streams are open here. */
  open: number;
  /** The same of each person who has one open. */
  readonly openOf: Map<string, number>;
  /** Of whom something is to be written down. */
  changed: Map<string, PersonSeen>;
  /** The number that was last written down. */
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
  /** By tenant and then by user: in a storm a name that is made of both costs more than what is noted by it. */
  readonly #tenants = new Map<string, Followed>();
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
    const tenant = this.#tenant(person.tenant);
    const seen = seenIn(tenant, person);
    seen.open += 1;
    seen.grants = grants;
    tenant.openOf.set(person.user, seen.open);
    tenant.open += 1;
  }

  /** What they hold has changed in mid-stream; or they came by one that leaves things out, and so was sent nothing. */
  holds(person: Person, grants: Grants): void {
    seenIn(this.#tenant(person.tenant), person).grants = grants;
  }

  /** Such a stream has ended. `n`: all up to there was sent. */
  closed(person: Person, n: number): void {
    const tenant = this.#tenant(person.tenant);
    const seen = seenIn(tenant, person);
    seen.sent = Math.max(seen.sent, n);
    seen.open -= 1;
    if (seen.open === 0) tenant.openOf.delete(person.user);
    else tenant.openOf.set(person.user, seen.open);
    tenant.open -= 1;
  }

  /** Sent otherwise than by a stream that is open: as the answer to a poll. */
  sent(person: Person, n: number, grants: Grants): void {
    const seen = seenIn(this.#tenant(person.tenant), person);
    seen.sent = Math.max(seen.sent, n);
    seen.grants = grants;
  }

  #tenant(tenant: string): Followed {
    const known = this.#tenants.get(tenant);
    if (known !== undefined) return known;
    const made = { open: 0, openOf: new Map(), changed: new Map(), written: 0, writtenAt: 0 };
    this.#tenants.set(tenant, made);
    return made;
  }

  #flush(): void {
    this.#flushing = this.#flushing.then(() => this.#told.watch(() => this.#writeDown()));
  }

  async #writeDown(): Promise<void> {
    const reached = this.#reached();
    const people = this.#takeChanged();
    if (people.length + reached.length === 0) return;
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
    for (const [tenant, { open, changed }] of this.#tenants) {
      if (open === 0 && changed.size === 0) this.#tenants.delete(tenant);
    }
  }

  #takeChanged(): PersonSeen[] {
    const people: PersonSeen[] = [];
    for (const tenant of this.#tenants.values()) {
      if (tenant.changed.size === 0) continue;
      for (const seen of tenant.changed.values()) people.push(seen);
      tenant.changed = new Map();
    }
    return people;
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
    const seen = seenIn(this.#tenant(before.tenant), before);
    seen.sent = Math.max(seen.sent, before.sent);
    seen.grants ??= before.grants;
  }
}

function seenIn({ changed, openOf }: Followed, { tenant, user }: Pick<Person, 'tenant' | 'user'>): PersonSeen {
  const known = changed.get(user);
  if (known !== undefined) return known;
  const made: PersonSeen = { tenant, user, grants: null, open: openOf.get(user) ?? 0, sent: 0 };
  changed.set(user, made);
  return made;
}
