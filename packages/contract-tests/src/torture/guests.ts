import { giveOrTake } from './granter.ts';
import type { AccessCall, Ledger, LostRun } from './ledger.ts';
import type { Random } from './random.ts';
import { followRun } from './readers/run-follower.ts';
import { tokenFor } from './target.ts';
import type { Targets } from './writer.ts';

const GUESTS = 3;

/** Who are given one run, follow it, and lose it while it goes on. Nobody else gives them anything or takes it. */
export class Guests {
  readonly channel: string;
  readonly #targets: Targets;
  readonly #random: Random;
  readonly #ledger: Ledger;
  readonly #given: readonly AccessCall[];
  #followings: Promise<LostRun['following']>[] = [];
  /** Of each who has, how many lines had been acknowledged when the loss was. */
  #lostAt: (number | null)[] = [];

  /** Where a call had to be repeated, the first may take effect as late as it likes: who was given it so is not heeded. */
  static async invite(targets: Targets, title: string, random: Random, ledger: Ledger): Promise<Guests> {
    const channel = `topic:runs/${title}`;
    const users = Array.from({ length: GUESTS }, (_, index) => `guest-${title}-${index}`);
    const given = await Promise.all(
      users.map((user) => giveOrTake(targets, { isGrant: true, user, channel }, random, { ledger, cutting: 0 })),
    );
    const surely = given.filter(({ tries, isAnswered }) => isAnswered && tries === 1);
    return new Guests({ targets, random, ledger, channel, given: surely });
  }

  private constructor({ targets, random, ledger, channel, given }: GuestsOptions) {
    this.channel = channel;
    this.#targets = targets;
    this.#random = random;
    this.#ledger = ledger;
    this.#given = given;
  }

  follow(id: string, title: string): void {
    this.#followings = this.#given.map(({ user }, index) => {
      const token = tokenFor(this.#targets[0], { user: user as string, roles: [], channels: [] });
      const followed = { id, title, token, mayLose: true };
      return followRun(this.#targets, followed, this.#random.fork(`guest ${index}`));
    });
  }

  /** One of them loses it. @param lines how many have been acknowledged. */
  async leave(lines: number): Promise<void> {
    const given = this.#given[this.#lostAt.length];
    if (given === undefined) return;
    const [targets, random, ledger] = [this.#targets, this.#random, this.#ledger];
    const taken = await giveOrTake(targets, { ...given, isGrant: false }, random, { ledger, cutting: 0.15 });
    this.#lostAt.push(taken.isAnswered ? lines : null);
  }

  async leaveAll(lines: number): Promise<void> {
    for (let left = 0; left < GUESTS; left += 1) await this.leave(lines);
  }

  async farewell(): Promise<LostRun[]> {
    const followings = await Promise.all(this.#followings);
    return followings.map((following, index) => ({ following, at: this.#lostAt[index] ?? null }));
  }
}

interface GuestsOptions {
  targets: Targets;
  random: Random;
  ledger: Ledger;
  channel: string;
  given: readonly AccessCall[];
}
