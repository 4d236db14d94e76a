import { type AccessRows, isAccessChange, type LogEvent, type Memberships, type Person } from '@belfry/core';
import { claimedBy } from './claimed.ts';

/** What all of them may hold together, in rows; one without any counts as one. Some tens of megabytes at most. */
const MOST_ROWS = 200_000;
/** Of a token's claims so much counts as a row. */
const ROW_CHARS = 200;

interface Known {
  rows: Promise<AccessRows>;
  /** Null until they are read. */
  read: AccessRows | null;
  weight: number;
}

export interface AccessCacheOptions {
  memberships: Memberships;
  now: () => number;
  /** Whether all that is said in the tenant's log is heard here, and that is up to this number at least. */
  isHeard: (tenant: string, upTo: number) => boolean;
  mostRows?: number;
}

/**
 * What the database says about people's access, for as long as their tenant's log, which is followed here, says nothing
 * else: in a storm the same people come again and again. What is known is never older than what the streams of the tenant
 * have been served, and whoever is served by it meets each later change at its number, as a stream that is open does.
 */
export class AccessCache {
  readonly #options: AccessCacheOptions;
  readonly #mostRows: number;
  /** By tenant, by person, and by what their token gives: of what was taken from everybody only that is read. */
  readonly #known = new Map<string, Map<string, Map<string, Known>>>();
  #weight = 0;

  constructor(options: AccessCacheOptions) {
    this.#options = options;
    this.#mostRows = options.mostRows ?? MOST_ROWS;
  }

  /** @param from the number they go on from: they may have it from a process that had heard more, and meet nothing up to it again. */
  rowsOf(person: Person, from = 0): Promise<AccessRows> {
    const { memberships, now, isHeard } = this.#options;
    if (!isHeard(person.tenant, from)) return memberships.rowsOf(person, now());
    const of = this.#of(person);
    const claims = claimedBy(person).text;
    const known = of.get(claims);
    if (known !== undefined) return known.rows;
    const reading: Known = { rows: memberships.rowsOf(person, now()), read: null, weight: 0 };
    // Known from now on: a change that is heard of while it is read takes it away again.
    of.set(claims, reading);
    reading.rows.then(
      (rows) => this.#weigh(person, claims, reading, rows),
      () => this.#drop(person, of, claims, reading),
    );
    return reading.rows;
  }

  /** The same, of what is here already; null where it has to be waited for. */
  knownOf(person: Person, from: number): AccessRows | null {
    if (!this.#options.isHeard(person.tenant, from)) return null;
    return this.#known.get(person.tenant)?.get(person.user)?.get(claimedBy(person).text)?.read ?? null;
  }

  /** What was read as of a number that nothing that was heard here has passed. */
  learn(person: Person, rows: AccessRows): void {
    if (!this.#options.isHeard(person.tenant, 0)) return;
    const of = this.#of(person);
    const claims = claimedBy(person).text;
    if (of.has(claims)) return;
    const known: Known = { rows: Promise.resolve(rows), read: null, weight: 0 };
    of.set(claims, known);
    this.#weigh(person, claims, known, rows);
  }

  /** Every event of the log of a tenant, as it is handed on. */
  hear(event: LogEvent): void {
    if (!isAccessChange(event)) return;
    for (const channel of event.to) {
      // Of what is taken from everybody, nobody knows who held it.
      if (channel.startsWith('user:')) this.#forgetPerson(event.tenant, channel.slice('user:'.length));
      else this.forget(event.tenant);
    }
  }

  /** Its log is not followed here any more, or was not the one that it was. */
  forget(tenant: string): void {
    for (const user of this.#known.get(tenant)?.keys() ?? []) this.#forgetPerson(tenant, user);
    this.#known.delete(tenant);
  }

  #of({ tenant, user }: Person): Map<string, Known> {
    const people = this.#known.get(tenant) ?? new Map<string, Map<string, Known>>();
    this.#known.set(tenant, people);
    const of = people.get(user) ?? new Map<string, Known>();
    people.set(user, of);
    return of;
  }

  /** Too much: all are read again as they come. */
  #weigh({ tenant, user }: Person, claims: string, known: Known, rows: AccessRows): void {
    known.read = rows;
    if (this.#known.get(tenant)?.get(user)?.get(claims) !== known) return;
    known.weight = 1 + rows.memberships.length + rows.revocations.length + Math.floor(claims.length / ROW_CHARS);
    this.#weight += known.weight;
    if (this.#weight <= this.#mostRows) return;
    this.#known.clear();
    this.#weight = 0;
  }

  #drop({ tenant, user }: Person, of: Map<string, Known>, claims: string, known: Known): void {
    if (of.get(claims) === known) of.delete(claims);
    const people = this.#known.get(tenant);
    if (of.size === 0 && people?.get(user) === of) people.delete(user);
  }

  #forgetPerson(tenant: string, user: string): void {
    const people = this.#known.get(tenant);
    for (const { weight } of people?.get(user)?.values() ?? []) this.#weight -= weight;
    people?.delete(user);
  }
}
