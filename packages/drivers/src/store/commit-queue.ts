// Not the global one, which an embedding app's tests may have put a clock of their own in the place of.
import { setImmediate } from 'node:timers';
import { BelfryError } from '@belfry/protocol';
import { plainSize } from './plain-size.ts';
import type { WriteCall } from './sql/write-ops.ts';
import { UnderWay } from './under-way.ts';

/** Members of one transaction; a batch weighs as many as it has drafts, or rows. It bounds how long others wait. */
const GROUP_WEIGHT = 1_000;
/** What has to wait for a group anyway goes behind it from here on: less gathers, as each group costs a commit. */
const HEAVY = 250;
/** Groups of a lane that are under way at most. */
const MOST_SENT = 2;
/** What may wait or be under way, so that a stalled server can't fill the memory. */
const MAX_WAITING = 20_000;
const MAX_BYTES = 128 * 1_048_576;

/** What one write came to. */
export type Settled = { ok: unknown } | { failed: BelfryError };

/**
 * Commits a group; one answer a call, in their order. What it throws is the answer to all.
 *
 * @param letOn may be called once another group of the lane may be sent behind this one, before this one is answered.
 */
export type SendGroup = (lane: string, calls: WriteCall[], letOn: () => void) => Promise<Settled[]>;

interface Member {
  call: WriteCall;
  weight: number;
  bytes: number;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Lane {
  waiting: Member[];
  /** Of all that wait. */
  weight: number;
  sent: number;
  /** Whether another may be sent behind the newest of these. */
  letsOn: boolean;
  /** Whether a look at what may be sent is due. */
  isDue: boolean;
  /** Once all that was sent is answered. */
  last: Promise<void>;
}

/**
 * Gathers the commits of a lane while one of its groups is under way, and then sends all of them. Nobody waits for more
 * to come: the first is sent at the end of its turn of the loop, and much of it behind a group that lets it. Lanes don't
 * wait for each other: an engine with one writer has one, else there is one a log.
 */
export class CommitQueue {
  readonly #send: SendGroup;
  readonly #lanes = new Map<string, Lane>();
  readonly #running = new UnderWay();
  #members = 0;
  #bytes = 0;

  constructor(send: SendGroup) {
    this.#send = send;
  }

  async add(lane: string, call: WriteCall): Promise<unknown> {
    const bytes = plainSize(call);
    // A single one always may: its size is bounded by the request that it came with.
    const isFull = this.#members >= MAX_WAITING || (this.#bytes > 0 && this.#bytes + bytes > MAX_BYTES);
    if (isFull) throw unavailable('The database is behind with its writes. Try again in a moment.');
    return new Promise((resolve, reject) => {
      this.#enter(lane, { call, weight: weightOf(call), bytes, resolve, reject });
    });
  }

  /** Once nothing waits and nothing is under way. */
  idle(): Promise<void> {
    return this.#running.none();
  }

  #enter(name: string, member: Member): void {
    this.#members += 1;
    this.#bytes += member.bytes;
    const lane = this.#lanes.get(name) ?? this.#open(name);
    lane.waiting.push(member);
    lane.weight += member.weight;
    if (maySend(lane)) this.#lookSoon(name, lane);
  }

  #open(name: string): Lane {
    const lane = { waiting: [], weight: 0, sent: 0, letsOn: false, isDue: false, last: Promise.resolve() };
    this.#lanes.set(name, lane);
    this.#running.begin();
    return lane;
  }

  /**
   * What is called in the same step comes along. Where that is little, so does what comes in the same turn of the loop:
   * all requests that are there are one group, and cost one commit.
   */
  #lookSoon(name: string, lane: Lane): void {
    if (lane.isDue) return;
    lane.isDue = true;
    const soon = lane.weight < HEAVY ? setImmediate : queueMicrotask;
    soon(() => {
      lane.isDue = false;
      this.#look(name, lane);
    });
  }

  #look(name: string, lane: Lane): void {
    if (this.#lanes.get(name) !== lane) return;
    while (maySend(lane)) lane.last = this.#commit(name, lane, nextGroup(lane), lane.last);
    if (lane.sent > 0) return;
    this.#lanes.delete(name);
    this.#running.end();
  }

  async #commit(name: string, lane: Lane, members: Member[], before: Promise<void>): Promise<void> {
    lane.sent += 1;
    lane.letsOn = false;
    const outcomes = await this.#outcomes(name, lane, members);
    await before;
    for (const [index, member] of members.entries()) settle(member, outcomes[index] as Settled);
    lane.sent -= 1;
    this.#members -= members.length;
    for (const member of members) this.#bytes -= member.bytes;
    this.#look(name, lane);
  }

  async #outcomes(name: string, lane: Lane, members: Member[]): Promise<Settled[]> {
    const letOn = () => {
      lane.letsOn = true;
      this.#lookSoon(name, lane);
    };
    try {
      const calls = members.map((member) => member.call);
      return await this.#send(name, calls, letOn);
    } catch (error) {
      return members.map(() => ({ failed: error as BelfryError }));
    }
  }
}

function maySend({ waiting, weight, sent, letsOn }: Lane): boolean {
  if (waiting.length === 0) return false;
  return sent === 0 || (letsOn && sent < MOST_SENT && weight >= HEAVY);
}

function nextGroup(lane: Lane): Member[] {
  let weight = 0;
  const end = lane.waiting.findIndex((member) => {
    weight += member.weight;
    return weight > GROUP_WEIGHT;
  });
  const group = lane.waiting.splice(0, end === -1 ? lane.waiting.length : Math.max(1, end));
  for (const member of group) lane.weight -= member.weight;
  return group;
}

function settle(member: Member, outcome: Settled): void {
  if ('ok' in outcome) member.resolve(outcome.ok);
  else member.reject(outcome.failed);
}

function weightOf(call: WriteCall): number {
  const { drafts, rows = drafts } = (call.input ?? {}) as { drafts?: unknown; rows?: unknown };
  return Array.isArray(rows) ? Math.max(1, rows.length) : 1;
}

function unavailable(message: string): BelfryError {
  return new BelfryError('unavailable', message, { retryAfter: 1 });
}
