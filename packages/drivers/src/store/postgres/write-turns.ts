import { topicOf, type WriteName, type Writes } from '@belfry/core';
import { type Asker, Turns } from '../turns.ts';
import { LogTurn } from './log-turn.ts';
import type { Pool } from './pool.ts';

/** As many as there are connections to write with. */
export const WRITERS = 4;
/** How many transactions of one person, or of one ticket, may wait that belong to no group. */
const ALONE = 128;

type AskerOf<Name extends WriteName> = (input: Writes[Name]['in']) => Asker;

const ofTicket = ({ hash }: { hash: string }): Asker => ({ tenant: '', who: hash, most: ALONE });
const ofServices = ({ tenant }: { tenant: string }): Asker => ({ tenant, who: '', most: ALONE });

/** Of the writes that are no part of a group, those that callers ask for. The others are Belfry's own. */
const ALONE_ASKERS: { [Name in WriteName]?: AskerOf<Name> } = {
  issueTicket: ({ person: { tenant, user } }) => ({ tenant, who: user, most: ALONE }),
  claimTicket: ofTicket,
  removeWebhook: ofServices,
  redriveDelivery: ofServices,
  redriveDead: ofServices,
};

/**
 * Whose transaction is next, one tenant after the other: of a tenant each log, a run's too, has one group under way or
 * waiting, and at most one that is sent behind it, and each person what they ask for besides.
 */
export class WriteTurns {
  readonly #turns: Turns;
  /** Of the logs that have a group under way. */
  readonly #taken = new Map<string, LogTurn>();
  readonly #connections: Pick<Pool, 'isAwaited'>;

  /** @param connections are waited for past all turns too: Belfry's own transactions take none. */
  constructor(waitMs: number, connections: Pick<Pool, 'isAwaited'>) {
    this.#turns = new Turns({ what: 'writes', atOnce: WRITERS, waitMs });
    this.#connections = connections;
  }

  /**
   * The group of a log. How much of it waits is bounded where it gathers. One that is sent behind another needs no
   * connection that that does not have, and so no turn; but where others wait it does, or a log that always has more would
   * never let go of its own.
   */
  async group<Result>(log: string, work: () => Promise<Result>): Promise<Result> {
    const taken = this.#taken.get(log);
    const isAwaited = this.#turns.areAwaited || this.#connections.isAwaited;
    if (taken !== undefined && !isAwaited) return taken.run(work);
    const result = Promise.withResolvers<Result>();
    // No person's name begins with a `/`.
    const asker = { tenant: topicOf(log).tenant, who: `/${log}`, most: Number.POSITIVE_INFINITY };
    const inTurn = () => {
      const turn = new LogTurn(() => this.#taken.get(log) === turn && this.#taken.delete(log));
      this.#taken.set(log, turn);
      turn.run(work).then(result.resolve, result.reject);
      return turn.over;
    };
    this.#turns.run(asker, inTurn).catch(result.reject);
    return result.promise;
  }

  /** @throws BelfryError `rate_limited` where too much of the asker's waits. */
  alone<Name extends WriteName, Result>(
    name: Name,
    input: Writes[Name]['in'],
    work: () => Promise<Result>,
  ): Promise<Result> {
    const asker = (ALONE_ASKERS[name] as AskerOf<Name> | undefined)?.(input);
    return asker === undefined ? work() : this.#turns.run(asker, work);
  }
}
