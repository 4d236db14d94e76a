import type { Logged } from '../log.ts';
import { meets, type Viewer } from '../viewer.ts';

/** Something given to a person, or taken; `n` is the event that says so. */
interface Change {
  n: number;
  isGrant: boolean;
  /** Taken from everybody. */
  isForAll: boolean;
  channel: string;
}

/**
 * What one reader held at each number of the log, worked out here again by the simplest rule there is, and not by the
 * code under test. Their token gives from the start; it names no time of issue, so what is taken overrides it.
 */
export class Holding {
  readonly #viewer: Viewer;
  /** All that concern the person, whatever they hold. */
  readonly #changes: readonly Change[];
  /** By how many changes have been made: what is worked out stays for the next who asks. */
  readonly #known = new Map<number, Map<string, boolean>>();

  constructor(log: readonly Logged[], viewer: Viewer) {
    this.#viewer = viewer;
    this.#changes = log.flatMap((event) => changesFor(viewer, event));
  }

  /** The channel an event comes by: the first of `to` that is held there. Null: not theirs. */
  channelOf({ n, type, to }: Logged): string | null {
    // What is taken from everybody is told to those who held it until then.
    return this.channelAt(type === 'access.revoked' ? n - 1 : n, to);
  }

  /** The same for what stands in an inbox at a number. */
  channelAt(n: number, to: readonly string[]): string | null {
    return to.find((channel) => this.#holds(this.#countAt(n), channel)) ?? null;
  }

  /** Whether it was theirs at any number: then what they may not have is what was taken, or not yet given. */
  everHeld(to: readonly string[]): boolean {
    const counts = Array.from({ length: this.#changes.length + 1 }, (_, count) => count);
    return to.some((channel) => counts.some((count) => this.#holds(count, channel)));
  }

  /** Whether anything that was said after this number may concern them, be it of no effect. */
  mayChangeAfter(n: number): boolean {
    return this.#changes.some((change) => change.n > n);
  }

  /** The numbers above one, and up to another, behind which they are told all anew. */
  turnsIn(after: number, upTo: number): number[] {
    const within = this.#changes.filter(({ n }) => n > after && n <= upTo);
    return within.filter((change) => this.#isTurn(change)).map(({ n }) => n);
  }

  /** What is taken from everybody is news to those who held it. */
  #isTurn({ n, isForAll, channel }: Change): boolean {
    return !isForAll || this.channelAt(n - 1, [channel]) !== null;
  }

  #countAt(n: number): number {
    return this.#changes.findLastIndex((change) => change.n <= n) + 1;
  }

  #holds(count: number, channel: string): boolean {
    const known = this.#known.get(count) ?? new Map<string, boolean>();
    this.#known.set(count, known);
    const held = known.get(channel) ?? this.#judge(this.#changes.slice(0, count), channel);
    known.set(channel, held);
    return held;
  }

  /** The last change that covers it decides, and without one the token. */
  #judge(changes: readonly Change[], channel: string): boolean {
    const { narrowedTo, claims } = this.#viewer;
    if (narrowedTo?.some((one) => meets(one, channel)) === false) return false;
    const last = changes.findLast((change) => meets(change.channel, channel));
    return last?.isGrant ?? claims.some((claim) => meets(claim, channel));
  }
}

function changesFor({ user }: Viewer, { n, type, to, access }: Logged): Change[] {
  const isForAll = type === 'access.revoked' && !to.some((channel) => channel.startsWith('user:'));
  if (user === null || !(isForAll || to.includes(`user:${user}`))) return [];
  return access.map((channel) => ({ n, isGrant: type === 'access.granted', isForAll, channel }));
}
