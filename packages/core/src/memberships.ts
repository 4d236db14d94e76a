import { type AccessRows, heldBy } from './entitlement.ts';
import { type Person, type Reader, readerOf } from './principal.ts';
import type { Recorder } from './recorder.ts';
import type { Reads } from './store/reads.ts';

/** Who holds which topic or role by name, beyond what tokens say. Every change is an event of the log. */
export class Memberships {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** Repeats are harmless: nothing changes, and nobody is told. */
  async grant(tenant: string, user: string, channel: string): Promise<void> {
    await this.#recorder.commit('grant', { tenant, user, channel });
  }

  /** From now on; what a token says that was issued before counts no more. */
  async revoke(tenant: string, user: string, channel: string): Promise<void> {
    await this.#recorder.commit('revoke', { tenant, user, channel });
  }

  async revokeChannel(tenant: string, channel: string): Promise<void> {
    await this.#recorder.commit('revokeChannel', { tenant, channel });
  }

  list(input: Reads['memberships']['in']): Promise<Reads['memberships']['out']> {
    return this.#recorder.store.read('memberships', input);
  }

  /** What the database says about a person, as it is now. */
  async rowsOf(person: Person, now: number): Promise<AccessRows> {
    const { rows } = await this.#recorder.store.read('access', { reader: readerOf(person, now) });
    return rows;
  }
}

/** What a reader holds with these rows. */
export function heldReader(reader: Reader, rows: AccessRows): Reader {
  return { ...reader, grants: heldBy({ issuedAt: null, ...reader }, rows) };
}
