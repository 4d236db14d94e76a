import { TcpProxy } from '@belfry/contract-tests/faults';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Belfry, type BelfryOptions, createBelfry, type Status } from '../src/index.ts';
import { ManualEnvironment } from './support/manual-environment.ts';
import { afterTest } from './support/scripted-server.ts';
import { type SmallServer, startSmallServer } from './support/small-server.ts';
import { until } from './support/until.ts';
import { WatchingProxy } from './support/watching-proxy.ts';

const PRODUCT = 'topic:product/p1';
const CONNECT_MS = 10_000;
const PROBE_MS = 60_000;
const PROBE_LIVES_MS = 1_500;

interface Events {
  'board.task.moved': { task: string; column: string };
  'backlog.story.ranked': { story: string; rank: number };
}

/** What the systems that Belfry replaces could do in the browser. The names are the lines of their list. */
describe('origins: the client', () => {
  let small: SmallServer;
  beforeAll(async () => {
    small = await startSmallServer([PRODUCT]);
  });
  afterAll(() => small.stop());

  function client(user: string, url = small.url, options: Partial<BelfryOptions> = {}) {
    const environment = new ManualEnvironment();
    const belfry = createBelfry<Events>({ url, token: user, environment, ...options });
    afterTest(() => belfry.stop());
    belfry.start();
    return { belfry, environment };
  }

  const reached = (belfry: Belfry<Events>, transport: Status['transport']): Promise<Status> =>
    until(belfry.status, (status) => status.value === 'live' && status.transport === transport);

  async function viaProxy(): Promise<TcpProxy> {
    const proxy = await TcpProxy.start({ port: small.port });
    afterTest(() => proxy.close());
    return proxy;
  }

  async function watched(buffers: boolean): Promise<WatchingProxy> {
    const proxy = await WatchingProxy.start(small.port);
    afterTest(() => proxy.stop());
    proxy.buffers = buffers;
    return proxy;
  }

  const idea = (id: string) => ({ kind: 'idea', id, code: `I-${id}`, title: `Idea ${id}` });
  const ask = (user: string, message: string, about?: string) =>
    small.server.ask({ to: `user:${user}`, message, subject: about === undefined ? null : idea(about) });
  const messages = ({ questions }: Belfry<Events>) => questions.getSnapshot().items.map(({ message }) => message);

  it('A9: a store has the open questions, and the bell flashes on news: not on state, not on what was missed', async () => {
    await ask('ada', 'Before');
    const proxy = await viaProxy();
    const { belfry, environment } = client('ada', `http://127.0.0.1:${proxy.port}`);
    const flashes: string[] = [];
    belfry.on('question.opened', ({ data }) => {
      if (belfry.status.getSnapshot().value === 'live') flashes.push(data.question.message);
    });
    await reached(belfry, 'stream');
    expect(messages(belfry)).toEqual(['Before']);
    proxy.refuse();
    proxy.cut();
    await until(belfry.status, ({ value }) => value === 'reconnecting');
    await ask('ada', 'Meanwhile');
    proxy.heal();
    environment.runNext();
    await reached(belfry, 'stream');
    expect(messages(belfry)).toEqual(['Meanwhile', 'Before']);
    expect(flashes).toEqual([]);
    await ask('ada', 'Live');
    await until(belfry.questions, ({ open }) => open === 3);
    expect(flashes).toEqual(['Live']);
  });

  it('A9: clearing by idea takes what is closed or unread of it, and nothing of other ideas', async () => {
    const [done, , other] = [
      await ask('ben', 'Done', '9'),
      await ask('ben', 'Open', '9'),
      await ask('ben', 'Other', '10'),
    ];
    await small.server.notify({ to: 'user:ben', type: 'm', title: 'About 9', subject: idea('9') });
    const { belfry } = client('ben');
    const elsewhere = client('ben').belfry;
    await Promise.all([reached(belfry, 'stream'), reached(elsewhere, 'stream')]);
    for (const { id } of [done, other]) {
      expect(await elsewhere.questions.answer(id, { action: 'accept', content: { value: 'yes' } })).toBe(true);
    }
    await until(belfry.questions, ({ open }) => open === 1);
    expect(await belfry.clear(idea('9'))).toBe(true);
    expect(messages(belfry)).toEqual(['Other', 'Open']);
    expect(belfry.questions.about(idea('9')).getSnapshot().open).toBe(1);
    await until(elsewhere.inbox, ({ unread }) => unread === 0);
  });

  it('A10: task and story changes of one product come by the same connection, as custom events', async () => {
    const proxy = await watched(false);
    const { belfry } = client('cy', proxy.url);
    const seen: unknown[] = [];
    belfry.on('board.task.moved', ({ data }) => seen.push(data));
    belfry.on('backlog.*', ({ type, data }) => seen.push([type, data]));
    await reached(belfry, 'stream');
    const moved = { task: 'T-1', column: 'done' };
    const ranked = { story: 'S-2', rank: 1 };
    await small.server.publish({ to: 'topic:product/p2', type: 'board.task.moved', data: moved });
    await small.server.publish({ to: PRODUCT, type: 'board.task.moved', data: moved });
    await small.server.publish({ to: PRODUCT, type: 'backlog.story.ranked', data: ranked });
    await ask('cy', 'And a question');
    await until(belfry.questions, ({ open }) => open === 1);
    expect(seen).toEqual([moved, ['backlog.story.ranked', ranked]]);
    expect([proxy.streams, proxy.polls]).toEqual([1, 0]);
  });

  it('D4: what one device reads is read on the others, and stays so', async () => {
    const { id } = await small.server.notify({ to: 'user:dan', type: 'booking', title: 'Yours', actionUrl: '/b/2' });
    const [phone, laptop] = [client('dan').belfry, client('dan').belfry];
    await Promise.all([reached(phone, 'stream'), reached(laptop, 'stream')]);
    expect(phone.counts.getSnapshot().unread).toBe(1);
    expect(await phone.inbox.read([id])).toBe(true);
    await until(laptop.inbox, ({ unread }) => unread === 0);
    const later = client('dan').belfry;
    await reached(later, 'stream');
    expect(later.inbox.getSnapshot().items).toMatchObject([{ id, actionUrl: '/b/2', readAt: expect.any(String) }]);
  });

  it('D5: polls only while the stream can not work, and stops when it can', async () => {
    const proxy = await watched(true);
    const { belfry, environment } = client('eve', proxy.url);
    const notify = (title: string) => small.server.notify({ to: 'user:eve', type: 'm', title });
    const shows = (title: string) => until(belfry.inbox, ({ items }) => items[0]?.title === title);
    await vi.waitUntil(() => proxy.streams === 1);
    environment.advance(CONNECT_MS);
    await reached(belfry, 'poll');
    await notify('By a poll');
    await shows('By a poll');
    proxy.buffers = false;
    await environment.timer(PROBE_MS);
    environment.runOnly(PROBE_MS);
    await environment.timer(PROBE_LIVES_MS);
    environment.runOnly(PROBE_LIVES_MS);
    await reached(belfry, 'stream');
    const { polls } = proxy;
    expect(polls).toBeGreaterThan(1);
    environment.advance(3_600_000);
    await notify('By the stream');
    await shows('By the stream');
    await vi.waitUntil(() => small.server.hub.stats.polls === 0);
    expect(proxy.polls).toBe(polls);
  });
});
