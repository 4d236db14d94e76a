import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Belfry, createBelfry } from '../src/index.ts';
import { FakeBrowser, type FakeTab } from './support/fake-browser.ts';
import { ModelLog } from './support/model-log.ts';
import { cursor } from './support/scripted-server.ts';
import { tokenOf } from './support/session.ts';

interface Client {
  tab: FakeTab;
  belfry: Belfry;
  numbers: number[];
  gaps: string[];
  /** Where each state that it was told stands. */
  states: (string | null)[];
  asleep: boolean;
}

type Step = { does: 'publish' | 'cut' | 'open' | 'pass' } | { does: keyof typeof TO_A_TAB; which: number };

const TO_A_TAB = {
  kill: (world: World, client: Client) => world.kill(client),
  sleep: (_world: World, client: Client) => {
    client.tab.sleep();
    client.asleep = true;
  },
  wake: (_world: World, client: Client) => {
    client.asleep = false;
    client.tab.wake();
  },
  suspend: (_world: World, { tab }: Client) => tab.clock.wake('suspend'),
  seen: (_world: World, { tab }: Client) => tab.clock.wake('visible'),
  online: (_world: World, { tab }: Client) => tab.clock.wake('online'),
};

class World {
  readonly log = new ModelLog();
  readonly browser = new FakeBrowser();
  clients: Client[] = [];

  open(): void {
    const tab = this.browser.open();
    const environment = { ...tab.environment, fetch: this.log.fetchOf(tab) };
    const belfry = createBelfry({ url: 'http://belfry.test', token: tokenOf({ sub: '42' }), environment });
    const client: Client = { tab, belfry, numbers: [], gaps: [], states: [], asleep: false };
    belfry.on('*', ({ data }) => client.numbers.push((data as { n: number }).n));
    belfry.onFrame(({ event, id }) => event === 'state' && client.states.push(id));
    belfry.onGap((reason) => client.gaps.push(reason));
    this.clients.push(client);
    belfry.start();
  }

  kill(client: Client): void {
    client.tab.kill();
    this.log.forget(client.tab);
    this.clients = this.clients.filter((one) => one !== client);
  }

  async happens(step: Step): Promise<void> {
    if (step.does === 'publish') this.log.publish();
    else if (step.does === 'cut') this.log.cut();
    else if (step.does === 'open') this.open();
    else if (step.does === 'pass') await this.pass(250);
    else if ('which' in step && this.clients.length > 0) {
      TO_A_TAB[step.does](this, this.clients[step.which % this.clients.length] as Client);
    }
    await turn();
  }

  async pass(ms: number): Promise<void> {
    for (const { tab, asleep } of this.clients) if (!asleep) tab.clock.advance(ms);
    await turn();
  }

  get isSettled(): boolean {
    const here = cursor(this.log.head);
    return this.clients.every(({ belfry }) => belfry.cursor === here && belfry.status.getSnapshot().value === 'live');
  }

  async settle(): Promise<void> {
    for (const client of this.clients) {
      TO_A_TAB.wake(this, client);
      TO_A_TAB.seen(this, client);
    }
    for (let rounds = 0; rounds < 400 && !this.isSettled; rounds += 1) await this.pass(250);
  }

  end(): void {
    for (const { belfry } of this.clients) belfry.stop();
  }
}

/** Enough turns for what was said to arrive, and for what it leads to. A digest is made in another thread. */
async function turn(): Promise<void> {
  await crypto.subtle.digest('SHA-256', new Uint8Array(1));
  for (let n = 0; n < 4; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ does: 'publish' }) },
  { weight: 4, arbitrary: fc.constantFrom<Step>({ does: 'pass' }, { does: 'open' }, { does: 'cut' }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constantFrom(...(Object.keys(TO_A_TAB) as (keyof typeof TO_A_TAB)[])),
      which: fc.nat({ max: 4 }),
    }),
  },
);

test('whatever happens to tabs and connections, each tab left has each event once, in order and to the last', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = new World();
      world.open();
      try {
        await turn();
        for (const one of steps) await world.happens(one);
        world.log.publish();
        await world.settle();
        const { head } = world.log;
        for (const { numbers, gaps, states, belfry } of world.clients) {
          expect(belfry.status.getSnapshot().value).toBe('live');
          expect(states).toHaveLength(1);
          const first = Number(states[0]?.split('-')[1]) + 1;
          expect(numbers).toEqual(Array.from({ length: head - first + 1 }, (_, index) => first + index));
          expect(gaps).toEqual([]);
        }
        expect(world.log.streams).toBe(Math.min(1, world.clients.length));
      } finally {
        world.end();
      }
    }),
    { numRuns: 100 },
  );
});
