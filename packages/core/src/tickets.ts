import { BelfryError } from '@belfry/protocol';
import { isoTime } from './clock.ts';
import type { Person } from './principal.ts';
import type { Recorder } from './recorder.ts';
import { hashSecret, newSecret } from './secret.ts';
import type { TicketRefusal } from './store/credentials.ts';

const UNUSED_MS = 30_000;

/** How long after its stream's end a ticket opens the next one. */
export const TICKET_GRACE_MS = 60_000;

export interface Ticket {
  ticket: string;
  /** When it ends if it stays unused. */
  expiresAt: string;
}

/** A ticket taken for one stream. Release it when that stream ends, so that a reconnect may take it again. */
export interface ClaimedTicket {
  person: Person;
  /** The access hash of the stream it last opened. */
  access: string | null;
  remember(access: string): Promise<void>;
  release(): Promise<void>;
  /** In place of `release` where no stream came of it: a first use is then none. */
  putBack(): Promise<void>;
}

const REFUSALS: Record<TicketRefusal, string> = {
  unknown: 'This ticket is not one of ours. Get a new one: POST /v1/tickets.',
  expired: 'This ticket has expired. Get a new one: POST /v1/tickets.',
  in_use: 'This ticket has a stream open. One ticket opens one stream at a time.',
  spent: 'This ticket has been used. After the first time it is good only to resume its own stream, within a minute.',
};

/** Short-lived stand-ins for a token in the one place that has no headers: the native EventSource. */
export class Tickets {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  async issue(person: Person): Promise<Ticket> {
    const ticket = newSecret('bt');
    const input = { hash: hashSecret(ticket), person, unusedMs: UNUSED_MS, expiresAt: person.expiresAt };
    const { out } = await this.#recorder.commit('issueTicket', input);
    return { ticket, expiresAt: isoTime(out.unusedUntil) };
  }

  /** @throws BelfryError `unauthenticated`, saying why. */
  async claim(ticket: string, resuming: boolean): Promise<ClaimedTicket> {
    const hash = hashSecret(ticket);
    // Anyone can send anything as a ticket: what is none must not take a place among the writes.
    const exists = await this.#recorder.store.read('hasTicket', { hash });
    if (!exists) throw new BelfryError('unauthenticated', REFUSALS.unknown);
    const { out } = await this.#recorder.commit('claimTicket', { hash, resuming });
    if ('refused' in out) throw new BelfryError('unauthenticated', REFUSALS[out.refused]);
    return {
      ...out,
      remember: async (access) => void (await this.#recorder.commit('rememberTicket', { hash, access })),
      release: async () => void (await this.#recorder.commit('releaseTicket', { hash, unused: false })),
      putBack: async () => void (await this.#recorder.commit('releaseTicket', { hash, unused: true })),
    };
  }
}
