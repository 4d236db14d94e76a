import type { Belfry } from '@belfry/client';
import { BROWSER_TEST, chromiumPath } from '@belfry/contract-tests/chromium';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Seen } from './support/page/main.ts';
import { RawTab } from './support/raw-tab.ts';
import { RealServer } from './support/real-server.ts';
import { HELD_PATH, WatchingProxy } from './support/watching-proxy.ts';

const executablePath = chromiumPath();
const ARGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];

/** How long something may take that is not waited for otherwise. */
const WHILE = { timeout: 30_000 };

/** Generous: what is measured is printed; only what hangs fails. */
const HANDOVER_MS = 10_000;

/** Skipped where there is no Chromium: set BELFRY_CHROMIUM to one. */
describe.skipIf(executablePath === undefined)('the client in Chromium', BROWSER_TEST, () => {
  let server: RealServer;
  let proxy: WatchingProxy;
  let browser: Browser;
  let context: BrowserContext;
  let user = '';
  let users = 0;
  const stops: (() => Promise<number>)[] = [];
  const rawTabs: RawTab[] = [];

  beforeAll(async () => {
    server = await RealServer.start();
    browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ARGS,
      // As people's browsers are: pages are kept, and the timers of hidden tabs slowed down.
      ignoreDefaultArgs: [
        '--disable-back-forward-cache',
        '--disable-background-timer-throttling',
        '--disable-backgrounding-occluded-windows',
        '--disable-renderer-backgrounding',
      ],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  }, 30_000);
  beforeEach(async () => {
    users += 1;
    user = `user${users}`;
    proxy = await WatchingProxy.start(server.port);
    context = await browser.newContext();
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    for (const tab of rawTabs.splice(0)) await tab.close();
    await context.close();
    await proxy.stop();
    // What a test leaves behind is not counted in the next one.
    await expect.poll(() => server.streams, WHILE).toBe(0);
  });

  const addressOf = async (who = user, query = ''): Promise<string> =>
    `${proxy.url}/page?token=${await RealServer.token(who)}${query}`;

  async function open(who = user, query = ''): Promise<Page> {
    const page = await context.newPage();
    await page.goto(await addressOf(who, query));
    await sees(page, ({ status }) => status === 'live', 'to be live');
    return page;
  }

  async function openTabs(count: number): Promise<[Page, ...Page[]]> {
    const pages: [Page, ...Page[]] = [await open()];
    while (pages.length < count) pages.push(await open());
    return pages;
  }

  /** Publishes 1, 2, 3 … one after the other until it is stopped; answers how many there were. */
  function publishing(who = user): { stop(): Promise<number> } {
    let stopped = false;
    let n = 0;
    const running = (async () => {
      while (!stopped) {
        if (await server.notify(who, n + 1)) n += 1;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return n;
    })();
    const stop = (): Promise<number> => {
      stopped = true;
      return running;
    };
    stops.push(stop);
    return { stop };
  }

  async function expectAll(pages: readonly Page[], count: number): Promise<void> {
    for (const page of pages) {
      const seen = await sees(page, ({ numbers }) => numbers.at(-1) === count, `to have ${count}`);
      expect(seen.numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      expect(seen.gaps).toBe(0);
      await sees(page, ({ unread }) => unread === count, `a badge of ${count}`);
    }
  }

  /** The longest time between two notifications in any of the pages. */
  async function longestSilence(pages: readonly Page[]): Promise<number> {
    const all = await Promise.all(pages.map(look));
    return Math.max(...all.flatMap(({ times }) => times.map((time, at) => time - (times[at - 1] ?? time))));
  }

  async function expectHandover(what: string, others: readonly Page[]): Promise<void> {
    const ms = await longestSilence(others);
    console.log(`${what}: the others heard nothing for ${ms} ms`);
    expect(ms).toBeLessThan(HANDOVER_MS);
  }

  test('ten tabs make one connection and no poll, and each has each notification once and in order', async () => {
    const pages = await openTabs(10);
    const ticks = publishing();
    await sees(pages[9] as Page, ({ numbers }) => numbers.length > 20, 'twenty');
    await expectAll(pages, await ticks.stop());
    expect([proxy.streams, proxy.polls, server.streams]).toEqual([1, 0, 1]);
    expect(proxy.others.filter((path) => path.startsWith('/v1'))).toEqual([]);
  });

  test('the leader’s tab is closed while notifications come: another one resumes', async () => {
    const [leader, ...others] = await openTabs(4);
    const ticks = publishing();
    await sees(leader, ({ numbers }) => numbers.length > 10, 'ten');
    await leader.close();
    await sees(others[0] as Page, ({ numbers }) => numbers.length > 60, 'sixty');
    await expectAll(others, await ticks.stop());
    await expectHandover('leader closed', others);
    expect([proxy.streams, proxy.polls]).toEqual([2, 0]);
    await expect.poll(() => server.streams, WHILE).toBe(1);
  });

  test('the leader’s tab is frozen by the browser: it makes way, and follows when it is back', async () => {
    const [leader, ...others] = await openTabs(4);
    const ticks = publishing();
    await sees(leader, ({ numbers }) => numbers.length > 10, 'ten');
    // Playwright keeps every page visible, and a visible page is never frozen: so it is told what it would be told then.
    await leader.evaluate(() => document.dispatchEvent(new Event('freeze')));
    await sees(others[0] as Page, ({ numbers }) => numbers.length > 60, 'sixty');
    expect((await look(leader)).numbers.length).toBeLessThan(60);
    await leader.evaluate(() => document.dispatchEvent(new Event('resume')));
    await sees(leader, ({ status }) => status === 'live', 'to be live again');
    await expectAll([leader, ...others], await ticks.stop());
    await expectHandover('leader frozen', others);
    expect([proxy.streams, proxy.polls]).toEqual([2, 0]);
    await expect.poll(() => server.streams, WHILE).toBe(1);
  });

  test('the leader’s tab hangs: its silence is noticed, and it follows when it goes on', async () => {
    const [leader, ...others] = await openTabs(4);
    const ticks = publishing();
    await sees(leader, ({ numbers }) => numbers.length > 10, 'ten');
    const goOn = await hang(leader, proxy);
    await sees(others[0] as Page, ({ numbers }) => numbers.length > 60, 'sixty');
    goOn();
    await expectAll([leader, ...others], await ticks.stop());
    await expectHandover('leader hung', others);
    expect(proxy.polls).toBe(0);
    await expect.poll(() => server.streams, WHILE).toBe(1);
  });

  test('two people in two tabs never mix', async () => {
    const [ada, ben] = [`${user}a`, `${user}b`];
    const [hers, his, hersToo] = [await open(ada), await open(ben), await open(ada)];
    for (const n of [1, 2, 3]) await server.notify(ada, n);
    for (const n of [1, 2]) await server.notify(ben, n);
    await expectAll([hers, hersToo], 3);
    await expectAll([his], 2);
    await hers.close();
    await server.notify(ada, 4);
    await server.notify(ben, 3);
    await expectAll([hersToo], 4);
    await expectAll([his], 3);
    expect(proxy.streams).toBe(3);
    // The lock of a closed tab passes on before the browser has closed its sockets: some 100 ms, more on a busy machine.
    await expect.poll(() => server.streams, WHILE).toBe(2);
  });

  test('behind a proxy that holds bodies back it polls, and streams again once the proxy lets it', async () => {
    proxy.buffers = true;
    const [leader, other] = [await open(user, '&hurry=20'), await open(user, '&hurry=20')];
    expect((await look(leader)).transport).toBe('poll');
    expect((await look(other)).transport).toBe('poll');
    const ticks = publishing();
    await sees(other, ({ numbers }) => numbers.length > 20, 'twenty');
    proxy.buffers = false;
    await sees(leader, ({ status, transport }) => status === 'live' && transport === 'stream', 'to stream again');
    await sees(other, ({ status, transport }) => status === 'live' && transport === 'stream', 'to hear a stream');
    const { polls } = proxy;
    await expectAll([leader, other], await ticks.stop());
    expect(proxy.polls).toBe(polls);
    await expect.poll(() => server.streams, WHILE).toBe(1);
  });

  test('a page that comes back from the back/forward cache has all that came meanwhile', async () => {
    const { id } = await server.post('/v1/runs', { to: `user:${user}`, kind: 'build', title: 'A build' });
    const log = (text: string) => server.post(`/v1/runs/${id}/logs`, { lines: [{ text }] });
    const page = await open(user, `&run=${id}`);
    for (const n of [1, 2]) await server.notify(user, n);
    await log('before');
    await expectAll([page], 2);
    await sees(page, ({ lines }) => lines.length === 1, 'a line');
    await page.goto(`${proxy.url}/elsewhere`);
    await expect.poll(() => server.streams, WHILE).toBe(0);
    await server.notify(user, 3);
    await log('meanwhile');
    // Playwright does not know of pages that come back as they were, and waits for one that loads.
    const session = await context.newCDPSession(page);
    await page.evaluate(() => void setTimeout(() => history.back()));
    await expect.poll(() => lookBy(session), { timeout: 30_000 }).toMatchObject({ restored: 1, numbers: [1, 2, 3] });
    await expect.poll(() => lookBy(session), { timeout: 30_000 }).toMatchObject({ lines: ['before', 'meanwhile'] });
    expect(await lookBy(session)).toMatchObject({ gaps: 0, unread: 3, status: 'live' });
    expect([proxy.streams, proxy.polls]).toEqual([2, 0]);
  });

  test('hidden tabs keep the badge right, the one that has the connection too', async () => {
    const tabs = [
      await RawTab.open(browser, await addressOf()),
      await RawTab.open(browser, await addressOf()),
    ] as const;
    rawTabs.push(...tabs);
    const [hidden, shown] = tabs;
    const badges = () => Promise.all(tabs.map((tab) => tab.evaluate<number>('seen?.unread')));
    for (const tab of tabs) await expect.poll(() => tab.evaluate('globalThis.seen?.status'), WHILE).toBe('live');
    expect(await hidden.evaluate('document.visibilityState')).toBe('hidden');
    for (const n of [1, 2, 3]) await server.notify(user, n);
    await expect.poll(badges, WHILE).toEqual([3, 3]);
    await shown.evaluate('belfry.inbox.read(belfry.inbox.getSnapshot().items[0].id)');
    await expect.poll(badges, WHILE).toEqual([2, 2]);
    await hidden.evaluate('belfry.inbox.readAll()');
    await expect.poll(badges, WHILE).toEqual([0, 0]);
    expect([proxy.streams, proxy.polls, server.streams]).toEqual([1, 0, 1]);
  });

  test('on a slow network a mark shows at once, and nothing is asked for twice', async () => {
    const page = await open();
    const session = await context.newCDPSession(page);
    const bytesPerSecond = 100_000;
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 300,
      downloadThroughput: bytesPerSecond,
      uploadThroughput: bytesPerSecond,
    });
    const count = 15;
    for (let n = 1; n <= count; n += 1) await server.notify(user, n);
    await expectAll([page], count);
    const [before, after] = await page.evaluate(() => {
      const { inbox } = (globalThis as unknown as { belfry: Belfry }).belfry;
      void inbox.read(inbox.getSnapshot().items[0]?.id as string);
      const shown = inbox.getSnapshot().unread;
      return inbox.read(inbox.getSnapshot().items[1]?.id as string).then(() => [shown, inbox.getSnapshot().unread]);
    });
    expect([before, after]).toEqual([count - 1, count - 2]);
    expect([proxy.streams, proxy.polls]).toEqual([1, 0]);
    expect(proxy.others.filter((path) => path.startsWith('/v1'))).toEqual(['/v1/inbox/marks', '/v1/inbox/marks']);
    await page.reload();
    await sees(page, ({ status, unread }) => status === 'live' && unread === count - 2, 'to be live again');
    expect([proxy.streams, proxy.polls]).toEqual([2, 0]);
  });

  test('the server is stopped and started again while notifications come', async () => {
    const pages = await openTabs(3);
    const ticks = publishing();
    await sees(pages[2] as Page, ({ numbers }) => numbers.length > 10, 'ten');
    await server.restart();
    await sees(pages[2] as Page, ({ numbers }) => numbers.length > 40, 'forty');
    await expectAll(pages, await ticks.stop());
    expect(proxy.polls).toBe(0);
    await expect.poll(() => server.streams, WHILE).toBe(1);
  });

  test('the clock is put forward and back while notifications come', async () => {
    const pages = await openTabs(3);
    const ticks = publishing();
    for (const [hours, count] of [
      [2, 20],
      [-3, 50],
    ] as const) {
      await Promise.all(pages.map((page) => page.evaluate(putClock, hours)));
      await sees(pages[2] as Page, ({ numbers }) => numbers.length > count, `${count}`);
    }
    await expectAll(pages, await ticks.stop());
    expect(proxy.polls).toBe(0);
    await expect.poll(() => server.streams, WHILE).toBe(1);
  });
});

/** In the page: its clock stands so far from the right time, and somebody looks at it. */
function putClock(hours: number): void {
  Date.now = () => Math.round(performance.timeOrigin + performance.now() + hours * 3_600_000);
  dispatchEvent(new Event('focus'));
}

/**
 * Stops all script, timers and messages of the page until what it answers is called: the page waits for an answer in
 * the middle of its script. (A debugger's pause now and then never came.)
 */
async function hang(page: Page, proxy: WatchingProxy): Promise<() => void> {
  const asked = proxy.whenHeld();
  await page.evaluate((path) => {
    setTimeout(() => {
      const request = new XMLHttpRequest();
      request.open('GET', path, false);
      request.send();
    });
  }, HELD_PATH);
  return asked;
}

function look(page: Page): Promise<Seen> {
  return page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
}

async function lookBy(session: CDPSession): Promise<Seen | undefined> {
  const { result } = await session.send('Runtime.evaluate', { expression: 'globalThis.seen', returnByValue: true });
  return result.value as Seen | undefined;
}

async function sees(page: Page, isTrue: (seen: Seen) => boolean, what: string): Promise<Seen> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const seen = await look(page);
    if (seen !== undefined && isTrue(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`Waited in vain for a page ${what}: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
