import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Belfry, createBelfry } from '../src/index.ts';
import { FakeBrowser, type FakeTab } from './support/fake-browser.ts';
import { type Answer, type Block, HeldRequest } from './support/held-server.ts';
import { tokenOf } from './support/session.ts';

interface Client {
  tab: FakeTab;
  belfry: Belfry;
  isStopped: boolean;
  isAsleep: boolean;
  /** Whether tokens and streams come by themselves, or when the test says so. */
  isServed: boolean;
  /** The token that it was given last. */
  token: string;
  /** Those that it waits for. */
  tokens: { resolve(token: string): void; reject(error: Error): void }[];
}

type Deed = (world: World, client: Client, n: number) => void;

const ANSWERS: Answer[] = ['stream', 'stream', 'stream', 'unauthorized', 'forbidden', 'unavailable', 'nothing'];
const BLOCKS: Block[] = ['connected', 'live', 'message', 'closing'];

/** All that can happen to a tab. */
const DEEDS: Record<string, Deed> = {
  start: (_world, client) => {
    client.isStopped = false;
    client.belfry.start();
  },
  stop: (_world, client) => {
    client.isStopped = true;
    client.belfry.stop();
  },
  restart: (_world, { belfry, isStopped }) => {
    if (isStopped) return;
    belfry.stop();
    belfry.start();
  },
  hold: (_world, client) => {
    client.isServed = false;
  },
  serve: (world, client, n) => {
    client.isServed = true;
    world.serve(client, n);
  },
  token: (_world, client, n) => giveToken(client, n),
  noToken: (_world, { tokens, tab }) => {
    const waiting = tokens.shift();
    tab.does(() => waiting?.reject(new Error('no token now')));
  },
  answer: (world, { tab }, n) => {
    const request = world.openOf(tab).find(({ isAnswered }) => !isAnswered);
    request?.answer(ANSWERS[n % ANSWERS.length] as Answer);
  },
  block: (world, { tab }, n) => {
    for (const request of world.openOf(tab)) request.write(BLOCKS[n % BLOCKS.length] as Block, world.nextNumber());
  },
  expire: (world, { tab }) => {
    for (const request of world.openOf(tab)) request.write('expired', world.nextNumber());
  },
  cut: (world, { tab }) => {
    for (const request of world.openOf(tab)) request.cut();
  },
  timer: (_world, { tab, isAsleep }) => {
    if (!isAsleep) tab.clock.runNext();
  },
  later: (_world, { tab, isAsleep }) => {
    if (!isAsleep) tab.clock.advance(12_000);
  },
  sleep: (_world, client) => {
    client.isAsleep = true;
    client.tab.sleep();
  },
  wake: (_world, client) => {
    client.isAsleep = false;
    client.tab.wake();
  },
  suspend: (_world, { tab, isAsleep }) => {
    if (!isAsleep) tab.clock.wake('suspend');
  },
  seen: (_world, { tab, isAsleep }) => {
    if (!isAsleep) tab.clock.wake('visible');
  },
  online: (_world, { tab, isAsleep }) => {
    if (!isAsleep) tab.clock.wake('online');
  },
};

/** Often the same again; one in seven is another person's. */
function giveToken(client: Client, n: number): void {
  const waiting = client.tokens.shift();
  if (waiting === undefined) return;
  client.token = tokenOf({ sub: n % 7 === 6 ? '43' : '42', jti: `${n % 2}` });
  client.tab.does(() => waiting.resolve(client.token));
}

class World {
  readonly browser = new FakeBrowser();
  readonly clients: Client[] = [];
  readonly requests: HeldRequest[] = [];
  #number = 1;

  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  openOf(tab: FakeTab): HeldRequest[] {
    return this.requests.filter((one) => one.tab === tab && !one.isOver);
  }

  serve(client: Client, n: number): void {
    giveToken(client, n);
    for (const request of this.openOf(client.tab)) {
      if (request.isAnswered) continue;
      request.answer('stream');
      for (const block of ['connected', 'live'] as const) request.write(block, this.nextNumber());
    }
  }

  async turn(n: number): Promise<void> {
    for (let k = 0; k < 3; k += 1) {
      for (const client of this.clients) if (client.isServed) this.serve(client, n);
      await turn();
    }
  }

  open(): void {
    const tab = this.browser.open();
    const token = (): Promise<string> => new Promise((resolve, reject) => client.tokens.push({ resolve, reject }));
    const environment = { ...tab.environment, fetch: this.#fetchOf(tab) };
    const belfry = createBelfry({ url: 'http://belfry.test', token, environment });
    const client: Client = { tab, belfry, isStopped: true, isAsleep: false, isServed: true, token: '', tokens: [] };
    this.clients.push(client);
  }

  #fetchOf(tab: FakeTab): typeof fetch {
    return async (url, init) => {
      init?.signal?.throwIfAborted();
      const token = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') ?? '';
      const request = new HeldRequest(tab, new URL(String(url)), token);
      this.requests.push(request);
      return request.begun(init?.signal as AbortSignal);
    };
  }

  /** What must be so at every moment. */
  check(): void {
    for (const client of this.clients) {
      const open = this.openOf(client.tab);
      const kinds = open.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind !== 'probe').length).toBeLessThanOrEqual(1);
      if (kinds.includes('probe')) expect(kinds.filter((kind) => kind !== 'poll')).toEqual(['probe']);
      if (client.isStopped) expect(kinds).toEqual([]);
      for (const { token } of open) expect(token).toBe(client.token);
    }
  }
}

/** Enough for what was said to arrive. A digest is made in another thread. */
async function turn(): Promise<void> {
  await crypto.subtle.digest('SHA-256', new Uint8Array(1));
  for (let n = 0; n < 2; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

const step = fc.record({
  /** At once, one after the other. */
  does: fc.array(fc.constantFrom(...Object.keys(DEEDS), 'start', 'start', 'serve'), { minLength: 1, maxLength: 3 }),
  which: fc.nat({ max: 1 }),
  n: fc.nat({ max: 41 }),
  /** How much of what it leads to is over before the next thing happens. */
  settles: fc.constantFrom('promises', 'all', 'all'),
});

test('in whatever order things happen, a client has one request for its stream at most, none for who it was before, and none once stopped', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50 }), async (steps) => {
      const world = new World();
      for (let n = 0; n < 2; n += 1) world.open();
      try {
        for (const { does, which, n, settles } of steps) {
          for (const deed of does) {
            DEEDS[deed]?.(world, world.clients[which] as Client, n);
            world.check();
          }
          if (settles === 'promises') for (let k = 0; k < n; k += 1) await null;
          if (settles === 'all') await world.turn(n);
          world.check();
        }
      } finally {
        for (const { belfry } of world.clients) belfry.stop();
      }
      for (const client of world.clients) client.isStopped = true;
      world.check();
      await turn();
      for (const client of world.clients) DEEDS.wake?.(world, client, 0);
      await turn();
      world.check();
      for (const { tab } of world.clients) expect([tab.clock.waits, tab.clock.listeners]).toEqual([[], 0]);
      expect([world.browser.leader, world.browser.channels.size]).toEqual([null, 0]);
    }),
    { numRuns: 200 },
  );
});
