import { type Core, isAccessChange, type Principal } from '@belfry/core';
import { userChannel } from '@belfry/protocol';
import type { Listener } from '../listener.ts';
import type { LogEntry } from '../log-entry.ts';
import { isNotTheirs } from './not-theirs.ts';
import type { RunConnection } from './run-connection.ts';

/**
 * Listens in a tenant's log for all who follow runs of it: whatever it says of a person's access, their run is looked
 * for again, and a stream whose person can't see it any more is closed. Until that is known they are sent nothing.
 */
export class AccessWatch implements Listener {
  readonly #core: Core;
  readonly #connections = new Set<RunConnection>();

  constructor(core: Core) {
    this.#core = core;
  }

  get isEmpty(): boolean {
    return this.#connections.size === 0;
  }

  add(connection: RunConnection): void {
    this.#connections.add(connection);
  }

  remove(connection: RunConnection): void {
    this.#connections.delete(connection);
  }

  /** Twice where it is to two channels: to look again is harmless. */
  offer({ event }: LogEntry): void {
    if (!isAccessChange(event)) return;
    for (const connection of this.#connections) {
      if (concerns(event.to, connection.request.follower)) connection.doubt(this.recheck(connection));
    }
  }

  /** Nobody is sent what it listens to. */
  isFor(): boolean {
    return false;
  }

  /** What happened in that log is not known any more. */
  close(): void {
    for (const connection of this.#connections) connection.close('unavailable');
  }

  async recheck(connection: RunConnection): Promise<void> {
    const { follower, run } = connection.request;
    const { appAccess, runs } = this.#core;
    try {
      await runs.get(follower.kind === 'person' ? await appAccess.now(follower) : follower, run);
    } catch (error) {
      connection.close(isNotTheirs(error) ? 'access' : 'unavailable');
    }
  }
}

/** To a person by name, or to a channel that is taken from everybody: then all are looked at. */
function concerns(to: readonly string[], follower: Principal): boolean {
  if (follower.kind === 'service') return false;
  const own = userChannel(follower.user);
  return to.some((channel) => channel === own || !channel.startsWith('user:'));
}
