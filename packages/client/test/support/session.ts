import { vi } from 'vitest';
import { type Belfry, type BelfryOptions, createBelfry, type Status } from '../../src/index.ts';
import { FakeBrowser, type FakeTab } from './fake-browser.ts';
import { afterTest, type Exchange, type ScriptedServer, startServer } from './scripted-server.ts';
import { until } from './until.ts';

/** A follower looks for its leader so often, more or less. */
const TICK_MS = 200;

/** A token as the client reads it: the signature is for the server. */
export function tokenOf(claims: object): string {
  return ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'sig'].join('.');
}

/** A client in a tab, with what it was handed over. */
export interface TabClient {
  tab: FakeTab;
  belfry: Belfry;
  numbers: number[];
  gaps: string[];
}

/** Tabs of one browser at one server. */
export class Session {
  readonly browser = new FakeBrowser();
  readonly server: ScriptedServer;

  constructor(server: ScriptedServer) {
    this.server = server;
  }

  open(options: Partial<BelfryOptions> = {}): TabClient {
    const tab = this.browser.open();
    const token = tokenOf({ sub: '42' });
    const belfry = createBelfry({ url: this.server.url, token, environment: tab.environment, ...options });
    const client: TabClient = { tab, belfry, numbers: [], gaps: [] };
    belfry.on('test.*', ({ data }) => client.numbers.push((data as { n: number }).n));
    belfry.onGap((reason) => client.gaps.push(reason));
    afterTest(() => belfry.stop());
    belfry.start();
    return client;
  }

  /** The tab that has the lock, once there is one. */
  async leader(): Promise<FakeTab> {
    return vi.waitUntil(() => this.browser.leader);
  }
}

export function live({ belfry }: TabClient): Promise<Status> {
  return until(belfry.status, ({ value }) => value === 'live');
}

export function has(client: TabClient, numbers: readonly number[]): Promise<boolean> {
  return vi.waitUntil(() => client.numbers.length >= numbers.length);
}

export interface Tabs {
  session: Session;
  leader: TabClient;
  stream: Exchange;
  followers: TabClient[];
  /** All of them. */
  tabs: TabClient[];
}

/** The first leads; its stream is live, and the others hear from it. */
export async function openedTabs(count: number, options: object = {}): Promise<Tabs> {
  const session = new Session(await startServer());
  const leader = session.open(options);
  const stream = await session.server.next();
  stream.connect().state(10, { unread: 3 }).live(10);
  await live(leader);
  const followers: TabClient[] = [];
  for (let n = 1; n < count; n += 1) followers.push(session.open(options));
  for (const follower of followers) await live(follower);
  return { session, leader, stream, followers, tabs: [leader, ...followers] };
}

/** The clocks of all tabs but one go on, tick by tick, until it is so. */
export async function ticksUntil(tabs: readonly TabClient[], isSo: () => boolean): Promise<number> {
  let ticks = 0;
  while (!isSo()) {
    ticks += 1;
    for (const { tab } of tabs) tab.clock.advance(TICK_MS);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return ticks;
}
