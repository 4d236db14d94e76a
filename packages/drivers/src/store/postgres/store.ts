import type { Committed, Idempotency, ReadName, Reads, Store, WriteName, Writes } from '@belfry/core';
import { CommitQueue } from '../commit-queue.ts';
import { ListTurns } from '../list-turns.ts';
import type { WriteCall } from '../sql/write-ops.ts';
import { translated, unavailable } from './failures.ts';
import type { Pool } from './pool.ts';
import type { ProcessLease } from './process-lease.ts';
import { runRead } from './reads.ts';
import { settledOrStill } from './settled-or-still.ts';
import { runAlone } from './write-alone.ts';
import { runGroup } from './write-group.ts';
import { WriteHealth } from './write-health.ts';
import type { Writer } from './writer.ts';

/** Whether it belongs to one tenant, whose writes are gathered into groups. All others are transactions of their own. */
const IS_GROUPED: Record<WriteName, boolean> = {
  publish: true,
  emit: true,
  relay: true,
  edit: true,
  withdraw: true,
  mark: true,
  markUpTo: true,
  ack: true,
  expire: false,
  retain: false,
  issueTicket: false,
  claimTicket: false,
  rememberTicket: false,
  releaseTicket: false,
  addKey: false,
  removeKey: false,
};

const PROBE = `insert into meta (key, value) values ('probe', '') on conflict (key) do update set value = ''`;

export interface Parts {
  epoch: string;
  skew: () => number;
  readers: Pool;
  writers: Pool;
  lease: ProcessLease;
  writer: Writer;
  /** Answers of the server so far. */
  answers: () => number;
}

/** The store as the rest of Belfry sees it. */
export class PostgresStore implements Store {
  readonly epoch: string;
  readonly shared = true;
  readonly #parts: Parts;
  readonly #queue: CommitQueue;
  readonly #lists = new ListTurns();
  readonly #health: WriteHealth;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.epoch = parts.epoch;
    this.#parts = parts;
    this.#queue = new CommitQueue((tenant, calls) => this.#write(() => runGroup(parts.writer, tenant, calls)));
    this.#health = new WriteHealth(() => parts.lease.ask(PROBE).catch(rethrown));
  }

  async commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>> {
    const call = (idempotency === undefined ? { name, input } : { name, input, idempotency }) as WriteCall;
    const work = () => (IS_GROUPED[name] ? this.#queue.add(tenantIn(input), call) : runAlone(this.#parts.writer, call));
    return (await this.#run(work)) as Committed<Writes[Name]['out']>;
  }

  async read<Name extends ReadName>(name: Name, input: Reads[Name]['in']): Promise<Reads[Name]['out']> {
    const { readers: pool, epoch, skew } = this.#parts;
    const read = () => this.#lists.run(name, input, () => runRead({ pool, epoch, skew }, name, input));
    return (await this.#run(name === 'ping' ? () => this.#ping() : read)) as Reads[Name]['out'];
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Not by the pools: it answers also when all of their connections are busy. */
  async #ping(): Promise<null> {
    await this.#parts.lease.ask('select 1');
    await this.#health.assert();
    return null;
  }

  /** What the server says is told in our words. */
  #write<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#health.watch(() => work().catch(rethrown));
  }

  async #run(work: () => Promise<unknown>): Promise<unknown> {
    if (this.#closed) throw unavailable('The database is closed.');
    const running = Promise.resolve().then(work);
    this.#underWay.add(running);
    try {
      return await running;
    } catch (error) {
      throw translated(error);
    } finally {
      this.#underWay.delete(running);
    }
  }

  /** Finishes what is under way for as long as the server answers anything. */
  async #close(): Promise<void> {
    const { readers, writers, lease, answers } = this.#parts;
    await settledOrStill(Promise.allSettled(this.#underWay), answers);
    await Promise.all([readers.close(), writers.close(), lease.close()]);
  }
}

function tenantIn(input: object): string {
  const { tenant, reader } = input as { tenant?: unknown; reader?: { tenant?: unknown } };
  const found = tenant ?? reader?.tenant;
  if (typeof found !== 'string') throw new TypeError('A write of a tenant names it.');
  return found;
}

function rethrown(error: unknown): never {
  throw translated(error);
}
