import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import type { Item, Wire } from '../peers/peer.ts';
import { cpuMs, residentKb } from '../processes/usage.ts';
import type { Ground, ServerAt } from '../scenarios/scenario.ts';
import { Asker } from './asker.ts';
import { Ledger } from './ledger.ts';
import { askAll } from './line.ts';
import { endsOf } from './load.ts';
import { type Compose, Publishers } from './publishers.ts';
import { ready } from './ready.ts';
import { numbered } from './sequence.ts';
import { placeIn, type StreamPlace } from './stream-place.ts';
import { Subscribers } from './subscribers.ts';

const IN_FLIGHT = 16;
const BATCHES_AT_ONCE = 2;
const PATIENCE_MS = 10_000;
/** What a server does about streams that have gone is not to be counted with those that come. */
const SETTLE_MS = 1_500;
/** A heartbeat comes to four in ten of the streams in this time. */
const WATCHED_MS = 10_000;

/** People with a stream each, and what the server does for them. Its CPU is in milliseconds. */
export class GrowthLoad {
  readonly people: number;
  /** Notifications so far. */
  stored = 0;
  readonly #ground: Ground;
  readonly #wire: Wire;
  readonly #server: ServerAt;
  readonly #ledger: Ledger;
  readonly #places: StreamPlace[] = [];
  #streams: Subscribers | null = null;

  /** Nobody is connected yet. */
  constructor(ground: Ground, wire: Wire, people: number) {
    this.people = people;
    this.#ground = ground;
    this.#wire = wire;
    this.#server = endsOf(ground)[0];
    this.#ledger = new Ledger(people);
  }

  /** For all of them, who come for the first time. */
  connect(): Promise<number> {
    return this.#open(this.#wire, (user, opening) => {
      this.#places[user] = placeIn(opening);
    });
  }

  /** For all of them, cut off, who come back with their cursors after a message to all. */
  async comeBack(): Promise<number> {
    await this.#leave();
    const missed = this.#wire.publish({ to: 'all', title: numbered(0, 'Ada commented on your story') });
    await askAll(this.#server, 1, [missed]);
    return this.#open({ ...this.#wire, stream: (user) => this.#wire.stream(user, this.#places[user]) }, () => {});
  }

  /** What is resident with all of them connected, in kB. V8 lets go of what it has compiled, too, and begins anew. */
  async resident(): Promise<number> {
    await this.connect();
    await this.#ground.phase('collect');
    return residentKb(this.#server.pid);
  }

  /** A second, while nothing happens but heartbeats. */
  async idle(): Promise<number> {
    const cpu = await this.#spent(() => sleep(WATCHED_MS));
    return cpu / (WATCHED_MS / 1_000);
  }

  /** A request, of which each brings what `compose` opens to whom it is for. */
  async publish(compose: Compose): Promise<number> {
    const { warmup, seconds } = this.#ground.settings;
    const publishers = new Publishers(this.#server, this.#ledger, compose);
    await publishers.open(IN_FLIGHT);
    const measure = async () => {
      publishers.start();
      await sleep(warmup * 1_000);
      const before = publishers.answered;
      const cpu = await this.#spent(() => sleep(seconds * 1_000));
      const requests = publishers.answered - before;
      await publishers.stop(PATIENCE_MS);
      this.stored += publishers.answered;
      return cpu / requests;
    };
    try {
      return await this.#unlessFailed(Promise.race([measure(), publishers.failed]));
    } finally {
      publishers.close();
    }
  }

  /** A notification of such batches, one after the other. */
  async store(batches: readonly (readonly Item[])[]): Promise<number> {
    const requests = batches.map((items) => this.#wire.publishBatch?.(items) ?? '');
    const notifications = batches.reduce((sum, { length }) => sum + length, 0);
    this.stored += notifications;
    return (await this.#spent(() => askAll(this.#server, BATCHES_AT_ONCE, requests))) / notifications;
  }

  /** Of one request that is asked again and again. */
  async ask(request: string): Promise<number> {
    const { warmup, seconds } = this.#ground.settings;
    const asker = await Asker.open(this.#server);
    try {
      await asker.keepOn(request, warmup * 1_000);
      let asked = 0;
      const cpu = await this.#spent(async () => {
        for (const begun = performance.now(); performance.now() - begun < seconds * 1_000; asked += 1) {
          await asker.ask(request);
        }
      });
      return cpu / asked;
    } finally {
      asker.close();
    }
  }

  /** From its start to when it serves again, after it was killed: nobody is connected then. */
  async restart(): Promise<number> {
    await this.#leave();
    const { ask } = this.#ground;
    await ask('kill');
    this.#server.pid = await ask('start');
    await ready(this.#server);
    return cpuMs(this.#server.pid);
  }

  /** What its people were sent while they were connected. */
  tally(): Figures {
    const { deliveries: verified, doubled, strays } = this.#ledger.tally;
    return { verified, missing: this.#ledger.missing, doubled: doubled + strays };
  }

  close(): Promise<void> {
    return this.#leave();
  }

  async #open(wire: Wire, opened: (user: number, opening: string) => void): Promise<number> {
    const prepared = Array.from({ length: this.people }, (_, user) => wire.stream(user));
    const from = { ...wire, stream: (user: number) => prepared[user] as string };
    const streams = new Subscribers(from, this.#server, (to, seq, now) => this.#received(to, seq, now));
    streams.opened = opened;
    this.#streams = streams;
    return this.#spent(() => streams.open(this.people));
  }

  /** What was missed has the number of none. */
  #received(to: number, sequence: number, now: number): void {
    if (sequence !== 0) this.#ledger.receive(to, sequence, now);
  }

  async #leave(): Promise<void> {
    this.#streams?.cut();
    this.#streams = null;
    await sleep(SETTLE_MS);
  }

  #unlessFailed<Result>(work: Promise<Result>): Promise<Result> {
    return this.#streams === null ? work : Promise.race([work, this.#streams.failed]);
  }

  async #spent(work: () => Promise<unknown>): Promise<number> {
    const before = cpuMs(this.#server.pid);
    await this.#unlessFailed(work());
    return cpuMs(this.#server.pid) - before;
  }
}
