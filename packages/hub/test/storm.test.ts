import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openStore, seeded, TestHub, type TestHubOptions, type TestStore } from './support/hub.ts';
import { numberOf, type TestStream } from './support/stream.ts';

const WRITERS = 20;
const READERS = 50;
const MS = 2_000;
/** Where the machine has other things to do, the storm goes on until there was one. */
const EVENTS = 300;

let store: TestStore;
let test: TestHub;
beforeAll(async () => {
  store = await openStore();
});
afterEach(() => test.close());
afterAll(() => store.end());

/** A client that comes back with its cursor however its streams end, and keeps what it was given. */
class Reader {
  readonly ids: string[] = [];
  readonly user: string;
  /** Everything up to here came as state. */
  from = -1;
  resumes = 0;
  slow = 0;
  #cursor: string | null = null;
  #stream: TestStream;

  constructor(user: string) {
    this.user = user;
    this.#stream = test.open(this.request());
  }

  request(cursor = this.#cursor) {
    return test.request(test.person(this.user, { channels: ['topic:t/*'] }), { cursor });
  }

  /** Does one thing a client or its network might do. */
  async misbehave(random: () => number, patience: number): Promise<void> {
    const { sink } = this.#stream;
    const dice = random();
    if (dice < 0.3) this.#reconnect();
    else if (dice < 0.5) sink.pause();
    else if (dice < 0.7) sink.take();
    else if (dice < 0.9) sink.resume();
    if (this.#stream.isClosed) this.#reconnect();
    await sleep(random() * 40 * patience);
  }

  async finish(last: string): Promise<void> {
    this.#reconnect();
    await this.#stream.until(() => this.#stream.isClosed || numberOf(this.#stream.lastId ?? 'x-0') >= numberOf(last));
    this.#keep();
    this.#stream.drop();
  }

  #reconnect(): void {
    this.#stream.drop();
    this.#keep();
    this.#stream = test.open(this.request());
    this.resumes += 1;
  }

  #keep(): void {
    const { connected, ids, lastId, closing } = this.#stream;
    if (closing?.reason === 'slow') this.slow += 1;
    const state = this.#stream.idOf('state');
    if (connected !== null && !connected.resumed && state !== undefined) {
      if (this.from >= 0) throw new Error(`A cursor of its own was not taken: ${connected.reason}`);
      this.from = numberOf(state);
    }
    this.ids.push(...ids);
    this.#cursor = lastId ?? this.#cursor;
  }
}

/** Lasts `MS`, and until enough has happened in it. */
class Storm {
  events = 0;
  readonly #readers: readonly Reader[];
  readonly #began = performance.now();

  constructor(readers: readonly Reader[]) {
    this.#readers = readers;
  }

  /**
   * Above 1 when it lasts longer than it should. Who comes and goes faster than the machine can open a stream is never
   * served anything: so all get slower as it goes on, and what is written no longer grows faster than it is read.
   */
  get patience(): number {
    return (performance.now() - this.#began) / MS;
  }

  goesOn(): boolean {
    return this.patience < 1 || this.events < EVENTS || !this.#hasResumed() || !this.#hasLastingReader();
  }

  #hasResumed(): boolean {
    return this.#readers.reduce((sum, { resumes }) => sum + resumes, 0) > READERS;
  }

  /** Somebody has been served more than what is at hand at the beginning. */
  #hasLastingReader(): boolean {
    return this.#readers.some(({ ids }) => ids.length > 10);
  }
}

/** Publishes as fast as the store takes it, to one or several channels. */
async function write(random: () => number, storm: Storm): Promise<void> {
  const channels = ['all', 'topic:t/1', 'topic:t/2', 'topic:u', ...Array.from({ length: 10 }, (_, n) => `user:r${n}`)];
  while (storm.goesOn()) {
    const to = Array.from(
      { length: 1 + Math.floor(random() * 3) },
      () => channels[Math.floor(random() * channels.length)] as string,
    );
    await test.tell(to, 'x'.repeat(Math.floor(random() * 2_000)));
    storm.events += 1;
    if (random() < 0.3 || storm.patience > 1) await sleep(random() * 30 * Math.max(1, storm.patience));
  }
}

/** Announcements as another process's would come: late, out of order, doubled, and some never. */
function unreliable(random: () => number): TestHubOptions {
  const late: Promise<void>[] = [];
  return {
    announce: (events, on) => {
      for (const event of events) {
        if (random() < 0.1) continue;
        const times = random() < 0.1 ? 2 : 1;
        for (let time = 0; time < times; time += 1) late.push(sleep(random() * 8).then(() => on([event])));
      }
    },
  };
}

it.each(['as they happen', 'late, out of order, doubled and with holes'])(
  'serves 50 readers, who drop and resume at random under 20 writers, everything once and in order: announced %s',
  { timeout: 180_000 },
  async (how) => {
    const seed = Math.floor(Math.random() * 1e9);
    const random = seeded(seed);
    const settings = { heartbeatMs: 100, maxBufferedBytes: 32_768, ringBytes: 200_000 };
    test = new TestHub(store, { settings, random, ...(how === 'as they happen' ? {} : unreliable(random)) });
    const readers = Array.from({ length: READERS }, (_, n) => new Reader(`r${n}`));
    const storm = new Storm(readers);
    const misbehaving = readers.map(async (reader) => {
      while (storm.goesOn()) await reader.misbehave(random, Math.max(1, storm.patience));
    });
    await Promise.all([...Array.from({ length: WRITERS }, () => write(random, storm)), ...misbehaving]);

    // One more for everyone, twice over: what is never announced is heard of by what comes after it.
    await test.tell('all', 'last but one');
    await sleep(20);
    let last = await test.tell('all', 'last');
    if (how !== 'as they happen') {
      await sleep(20);
      const { events } = await store.read('readLog', {
        log: test.tenant,
        after: numberOf(last) - 1,
        upTo: numberOf(last),
        grants: { everything: true, exact: [], prefixes: [] },
        limit: 1,
        maxBytes: 1e6,
      });
      test.hub.announce(events);
      last = (await test.stored()).at(-1) as string;
    }
    await turn();
    await Promise.all(readers.map((reader) => reader.finish(last)));

    for (const reader of readers) {
      const entitled = await test.stored(reader.request().grants);
      const expected = entitled.filter((id) => numberOf(id) > reader.from);
      expect(reader.ids, `${reader.user}, seed ${seed}`).toEqual(expected);
    }
  },
);
