import type { WriteCall } from '../sql/write-ops.ts';
import { bytesOf } from './bytes-of.ts';
import { fromFailure, NotPlainError, type Outcome, unavailable } from './failures.ts';

/** Members of one transaction; a batch publish weighs as many as it has drafts. It bounds how long others wait. */
const GROUP_WEIGHT = 1_000;
/** What may wait or be under way, so that a stalled disk can't fill the memory. */
const MAX_WAITING = 20_000;
const MAX_BYTES = 128 * 1_048_576;

interface Member {
  call: WriteCall;
  weight: number;
  bytes: number;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Gathers commits while the writer is busy and hands it all of them when it is free. Nobody waits for more to come:
 * an idle writer is given what there is at once.
 */
export class CommitQueue {
  readonly #send: (calls: WriteCall[]) => Promise<Outcome[]>;
  #waiting: Member[] = [];
  #bytes = 0;
  #running: Promise<void> | null = null;

  constructor(send: (calls: WriteCall[]) => Promise<Outcome[]>) {
    this.#send = send;
  }

  add(call: WriteCall): Promise<unknown> {
    const bytes = bytesOf(call);
    // A single one always may: its size is bounded by the request that it came with.
    const isFull = this.#waiting.length >= MAX_WAITING || (this.#bytes > 0 && this.#bytes + bytes > MAX_BYTES);
    if (isFull) return Promise.reject(unavailable('The database is behind with its writes. Try again in a moment.'));
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, weight: weightOf(call), bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Once nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is called in the same turn comes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      await this.#commit(group);
      for (const member of group) this.#bytes -= member.bytes;
    }
    this.#running = null;
  }

  #nextGroup(): Member[] {
    let weight = 0;
    const end = this.#waiting.findIndex((member) => {
      weight += member.weight;
      return weight > GROUP_WEIGHT;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
  }

  async #commit(members: Member[]): Promise<void> {
    try {
      const outcomes = await this.#send(members.map((member) => member.call));
      for (const [index, member] of members.entries()) settle(member, outcomes[index] as Outcome);
    } catch (error) {
      // Data that can't be sent to a thread fails the whole message: find out whose it is.
      if (error instanceof NotPlainError && members.length > 1)
        for (const member of members) await this.#commit([member]);
      else for (const member of members) member.reject(error);
    }
  }
}

function settle(member: Member, outcome: Outcome): void {
  if ('ok' in outcome) member.resolve(outcome.ok);
  else member.reject(fromFailure(outcome.failed));
}

function weightOf(call: WriteCall): number {
  const { drafts } = (call.input ?? {}) as { drafts?: unknown };
  return Array.isArray(drafts) ? Math.max(1, drafts.length) : 1;
}
