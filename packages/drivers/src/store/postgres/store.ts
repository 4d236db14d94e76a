import type { Committed, Idempotency, ReadName, Reads, Store, WriteName, Writes } from '@belfry/core';
import { CommitQueue } from '../commit-queue.ts';
import { GatheredReads, isGathered } from '../gathered-reads.ts';
import { ReadTurns } from '../read-turns.ts';
import type { GroupName } from '../sql/read-ops.ts';
import { logOf, type WriteCall } from '../sql/write-ops.ts';
import { UnderWay } from '../under-way.ts';
import { type Outcome, translated, unavailable } from './failures.ts';
import { type Pool, WAIT_MS } from './pool.ts';
import type { ProcessLease } from './process-lease.ts';
import type { Readers } from './readers.ts';
import { type Reading, runRead, runReadGroup } from './reads.ts';
import { settledOrStill } from './settled-or-still.ts';
import { runAlone } from './write-alone.ts';
import { runGroup } from './write-group.ts';
import { WriteHealth } from './write-health.ts';
import { WriteTurns } from './write-turns.ts';
import type { Writer } from './writer.ts';

/** Whether it belongs to one log, a tenant's or a run's, whose writes are gathered into groups. All others are transactions of their own. */
const IS_GROUPED: Record<WriteName, boolean> = {
  publish: true,
  emit: true,
  relay: true,
  letOutboxDie: false,
  edit: true,
  withdraw: true,
  mark: true,
  markUpTo: true,
  grant: true,
  invalidate: true,
  revoke: true,
  revokeChannel: true,
  ack: true,
  presence: false,
  ask: true,
  answer: true,
  editQuestion: true,
  cancelQuestion: true,
  createRun: true,
  changeRun: true,
  appendLines: true,
  emitInRun: true,
  beat: true,
  addSigningKey: false,
  expire: false,
  fallBack: false,
  forget: false,
  retain: false,
  retainRuns: false,
  issueTicket: false,
  claimTicket: false,
  rememberTicket: false,
  releaseTicket: false,
  addKey: false,
  removeKey: false,
  addWebhook: true,
  rotateSecret: true,
  removeWebhook: false,
  enlistDeliveries: false,
  claimDeliveries: false,
  settleDelivery: false,
  redriveDelivery: false,
  redriveDead: false,
};

const PROBE = `insert into meta (key, value) values ('probe', '') on conflict (key) do update set value = ''`;

export interface Parts {
  epoch: string;
  place: string;
  skew: () => number;
  readers: Readers;
  writers: Pool;
  lease: ProcessLease;
  writer: Writer;
  /** Answers of the server so far. */
  answers: () => number;
}

/** The store as the rest of Belfry sees it. */
export class PostgresStore implements Store {
  readonly epoch: string;
  readonly place: string;
  readonly shared = true;
  readonly #parts: Parts;
  readonly #queue: CommitQueue;
  readonly #reading: Reading;
  readonly #turns = new ReadTurns(WAIT_MS);
  readonly #gathered: GatheredReads;
  readonly #writeTurns: WriteTurns;
  readonly #health: WriteHealth;
  readonly #underWay = new UnderWay();
  #closed: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.epoch = parts.epoch;
    this.place = parts.place;
    this.#parts = parts;
    const { readers, writers, epoch, skew } = parts;
    this.#reading = { readers, epoch, skew };
    this.#gathered = new GatheredReads({
      turns: this.#turns,
      waitMs: WAIT_MS,
      // What fails is told in our words: whether all have to wait is told by these.
      read: (name, inputs) => runReadGroup(this.#reading, name, inputs).catch(rethrown),
    });
    this.#writeTurns = new WriteTurns(WAIT_MS, writers);
    this.#queue = new CommitQueue((log, calls, letOn) =>
      this.#watched(() => this.#writeTurns.group(log, () => runGroup(parts.writer, log, calls, letOn))),
    );
    this.#health = new WriteHealth(() => parts.lease.ask(PROBE).catch(rethrown));
  }

  async commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>> {
    const call = (idempotency === undefined ? { name, input } : { name, input, idempotency }) as WriteCall;
    const work = () => (IS_GROUPED[name] ? this.#queue.add(laneOf(input), call) : this.#alone(call));
    return (await this.#run(work)) as Committed<Writes[Name]['out']>;
  }

  async read<Name extends ReadName>(name: Name, input: Reads[Name]['in']): Promise<Reads[Name]['out']> {
    return (await this.#run(() => (name === 'ping' ? this.#ping() : this.#ask(name, input)))) as Reads[Name]['out'];
  }

  #ask<Name extends ReadName>(name: Name, input: Reads[Name]['in']): Promise<unknown> {
    if (isGathered(name)) return this.#gathered.run(name, input as Reads[GroupName]['in']);
    return this.#turns.run(name, input, () => runRead(this.#reading, name, input));
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

  async #alone(call: WriteCall): Promise<unknown> {
    const work = () => runAlone(this.#parts.writer, call);
    const inTurn = () => this.#writeTurns.alone(call.name, call.input, work);
    const [outcome] = await this.#watched(async () => [{ ok: await inTurn() }]);
    return outcome?.ok;
  }

  /** What the server says is told in our words. */
  #watched<Each extends Outcome>(work: () => Promise<Each[]>): Promise<Each[]> {
    return this.#health.watch(() => work().catch(rethrown));
  }

  async #run(work: () => Promise<unknown>): Promise<unknown> {
    if (this.#closed) throw unavailable('The database is closed.');
    this.#underWay.begin();
    try {
      return await work();
    } catch (error) {
      throw translated(error);
    } finally {
      this.#underWay.end();
    }
  }

  /** Finishes what is under way for as long as the server answers anything. */
  async #close(): Promise<void> {
    const { readers, writers, lease, answers } = this.#parts;
    await settledOrStill(this.#underWay.none(), answers);
    await Promise.all([readers.close(), writers.close(), lease.close()]);
  }
}

function laneOf(input: object): string {
  const log = logOf(input);
  if (log === null) throw new TypeError('A write of a log names it.');
  return log;
}

function rethrown(error: unknown): never {
  throw translated(error);
}
