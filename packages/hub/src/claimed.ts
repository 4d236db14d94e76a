import type { Person } from '@belfry/core';
import { type Grants, grantsOf } from '@belfry/protocol';

/** What follows from a person's credential alone, whatever the database says. */
class Claimed {
  readonly grants: Grants;
  /** Of a stream that leaves nothing out, as `accessHash` says it. */
  hash: string | null = null;
  /** Who they are and what they hold, as `connected` tells it where the database says nothing else. */
  who: string | null = null;
  readonly #person: Person;
  #text: string | null = null;

  constructor(person: Person) {
    this.#person = person;
    this.grants = grantsOf(person.user, person.roles, person.channels);
  }

  /** The same for all credentials that give the same. */
  get text(): string {
    const { roles, channels } = this.#person;
    this.#text ??= JSON.stringify([roles, channels]);
    return this.#text;
  }
}

const known = new WeakMap<Person, Claimed>();

/**
 * Each stream asks several times, and who comes back soon comes back as the same object, as verified tokens are
 * remembered: it is worked out once for all of them.
 */
export function claimedBy(person: Person): Claimed {
  let claimed = known.get(person);
  if (claimed === undefined) {
    claimed = new Claimed(person);
    known.set(person, claimed);
  }
  return claimed;
}
