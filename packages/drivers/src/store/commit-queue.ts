import { BelfryError } from '@belfry/protocol';
import { plainSize } from './plain-size.ts';
import type { WriteCall } from './sql/write-ops.ts';
import { UnderWay } from './under-way.ts';

/** Members of one transaction; a batch weighs as many as it has drafts, or rows. It bounds how long others wait. */
const GROUP_WEIGHT = 1_000;
/** What may wait or be under way, so that a stalled server can't fill the memory. */
const MAX_WAITING = 20_000;
const MAX_BYTES = 128 * 1_048_576;

/** What one write came to. */
export type Settled = { ok: unknown } | { failed: BelfryError };

/** Commits a group; one answer a call, in their order. What it throws is the answer to all. */
export type SendGroup = (lane: string, calls: WriteCall[]) => Promise<Settled[]>;

interface Member {
  call: WriteCall;
  weight: number;
  bytes: number;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Gathers the commits of a lane while one of its groups is under way, and then sends all of them. Nobody waits for more
 * to come: the first is sent at once. Lanes don't wait for each other: an engine with one writer has one, else there is
 * one a log.
 */
export class CommitQueue {
  readonly #send: SendGroup;
  readonly #lanes = new Map<string, Member[]>();
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

  #enter(lane: string, member: Member): void {
    this.#members += 1;
    this.#bytes += member.bytes;
    const waiting = this.#lanes.get(lane);
    if (waiting) return void waiting.push(member);
    this.#lanes.set(lane, [member]);
    void this.#run(lane);
  }

  async #run(lane: string): Promise<void> {
    this.#running.begin();
    // What is called in the same turn comes along.
    await Promise.resolve();
    const waiting = this.#lanes.get(lane) ?? [];
    while (waiting.length > 0) {
      const group = nextGroup(waiting);
      await this.#commit(lane, group);
      this.#members -= group.length;
      for (const member of group) this.#bytes -= member.bytes;
    }
    this.#lanes.delete(lane);
    this.#running.end();
  }

  async #commit(lane: string, members: Member[]): Promise<void> {
    try {
      const outcomes = await this.#send(
        lane,
        members.map((member) => member.call),
      );
      for (const [index, member] of members.entries()) settle(member, outcomes[index] as Settled);
    } catch (error) {
      for (const member of members) member.reject(error);
    }
  }
}

function nextGroup(waiting: Member[]): Member[] {
  let weight = 0;
  const end = waiting.findIndex((member) => {
    weight += member.weight;
    return weight > GROUP_WEIGHT;
  });
  return waiting.splice(0, end === -1 ? waiting.length : Math.max(1, end));
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
