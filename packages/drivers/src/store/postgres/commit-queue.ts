import type { WriteCall } from '../sql/write-ops.ts';
import { type Outcome, translated, unavailable } from './failures.ts';
import { plainSize } from './plain-size.ts';

/** Members of one transaction; a batch publish weighs as many as it has drafts. It bounds how long others wait. */
const GROUP_WEIGHT = 1_000;
/** What may wait or be under way, so that a stalled server can't fill the memory. */
const MAX_WAITING = 20_000;
const MAX_BYTES = 128 * 1_048_576;

export type SendGroup = (tenant: string, calls: WriteCall[]) => Promise<Outcome[]>;

interface Member {
  call: WriteCall;
  weight: number;
  bytes: number;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Gathers each tenant's commits while one of its groups is under way, and then sends all of them. Nobody waits for more
 * to come: the first is sent at once. Tenants don't wait for each other.
 */
export class CommitQueue {
  readonly #send: SendGroup;
  readonly #tenants = new Map<string, Member[]>();
  readonly #running = new Set<Promise<void>>();
  #members = 0;
  #bytes = 0;

  constructor(send: SendGroup) {
    this.#send = send;
  }

  async add(tenant: string, call: WriteCall): Promise<unknown> {
    const bytes = plainSize(call);
    // A single one always may: its size is bounded by the request that it came with.
    const isFull = this.#members >= MAX_WAITING || (this.#bytes > 0 && this.#bytes + bytes > MAX_BYTES);
    if (isFull) throw unavailable('The database is behind with its writes. Try again in a moment.');
    return new Promise((resolve, reject) => {
      this.#enter(tenant, { call, weight: weightOf(call), bytes, resolve, reject });
    });
  }

  /** Once nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #enter(tenant: string, member: Member): void {
    this.#members += 1;
    this.#bytes += member.bytes;
    const waiting = this.#tenants.get(tenant);
    if (waiting) return void waiting.push(member);
    this.#tenants.set(tenant, [member]);
    const run = this.#run(tenant).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #run(tenant: string): Promise<void> {
    // What is called in the same turn comes along.
    await Promise.resolve();
    const waiting = this.#tenants.get(tenant) ?? [];
    while (waiting.length > 0) {
      const group = nextGroup(waiting);
      await this.#commit(tenant, group);
      this.#members -= group.length;
      for (const member of group) this.#bytes -= member.bytes;
    }
    this.#tenants.delete(tenant);
  }

  async #commit(tenant: string, members: Member[]): Promise<void> {
    try {
      const outcomes = await this.#send(
        tenant,
        members.map((member) => member.call),
      );
      for (const [index, member] of members.entries()) settle(member, outcomes[index] as Outcome);
    } catch (error) {
      for (const member of members) member.reject(translated(error));
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

function settle(member: Member, outcome: Outcome): void {
  if ('ok' in outcome) member.resolve(outcome.ok);
  else member.reject(outcome.failed);
}

function weightOf(call: WriteCall): number {
  const { drafts } = (call.input ?? {}) as { drafts?: unknown };
  return Array.isArray(drafts) ? Math.max(1, drafts.length) : 1;
}
