// `npm run frames`: whether a list of 5,000 draws 60 frames a second while 50 notifications come each second. It measures
// time, so it is no test; on a busy machine trust the milliseconds an arrival takes, and not the frames.
import { writeFile } from 'node:fs/promises';
import { type Globals, Stage } from './stage.ts';

const ITEMS = 5_000;
const PER_SECOND = 50;
const SECONDS = 10;
const USER = 'frames';

const stage = await Stage.set(USER, '&view=list');
const { page, session, server } = stage;
const notify = (n: number) =>
  server.server.notify({
    to: `user:${USER}`,
    type: 'comment',
    title: `Number ${n}`,
    body: n % 3 ? null : 'With more. '.repeat(20),
  });

for (let from = 0; from < ITEMS; from += 200)
  await Promise.all(Array.from({ length: 200 }, (_, n) => notify(from + n)));
await page.reload();
await page.locator('.belfry-item').first().waitFor();
await page.evaluate(async () => {
  const { inbox } = (globalThis as unknown as Globals).belfry;
  while (inbox.getSnapshot().nextCursor !== null) await inbox.loadMore();
});

await measure('nothing comes', 0, false);
await measure(`${PER_SECOND} a second come, at the top`, PER_SECOND, false);
await measure(`${PER_SECOND} a second come while it is scrolled`, PER_SECOND, true);
await stage.strike();

async function measure(what: string, perSecond: number, scrolls: boolean): Promise<void> {
  await session.send('Performance.enable');
  const isProfiled = process.argv.includes('--profile');
  if (isProfiled) {
    await session.send('Profiler.enable');
    await session.send('Profiler.start');
  }
  const before = await counters();
  const arriving = arrivals(perSecond);
  const frames = await page.evaluate(drawn, { ms: SECONDS * 1_000, scrolls });
  const count = await arriving;
  const after = await counters();
  if (isProfiled) {
    const { profile } = await session.send('Profiler.stop');
    await writeFile(`frames-${scrolls ? 'scrolled' : perSecond}.cpuprofile`, JSON.stringify(profile));
  }
  const nodes = await page.locator('.belfry-item').count();
  const busy = (name: string): string =>
    ((((after[name] ?? 0) - (before[name] ?? 0)) * 1_000) / Math.max(1, count)).toFixed(2);
  console.log(
    `${what}: ${(frames.length / SECONDS).toFixed(1)} frames a second, the longest ${Math.max(...frames).toFixed(0)} ms, ` +
      `${frames.filter((ms) => ms > 25).length} of ${frames.length} over 25 ms; ${nodes} items on the page`,
  );
  if (count > 0) {
    console.log(
      `  an arrival takes ${busy('TaskDuration')} ms: script ${busy('ScriptDuration')}, styles ${busy('RecalcStyleDuration')}, layout ${busy('LayoutDuration')}`,
    );
  }
}

async function counters(): Promise<Record<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Answers how many there were. */
async function arrivals(perSecond: number): Promise<number> {
  if (perSecond === 0) return 0;
  const end = performance.now() + SECONDS * 1_000;
  let count = 0;
  for (const began = performance.now(); performance.now() < end; ) {
    const due = ((performance.now() - began) / 1_000) * perSecond;
    while (count < due) {
      count += 1;
      void notify(ITEMS + count);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond / 2));
  }
  return count;
}

/** In the page: how long each frame took. */
function drawn({ ms, scrolls }: { ms: number; scrolls: boolean }): Promise<number[]> {
  const scroller = document.querySelector('.belfry-list')!;
  const frames: number[] = [];
  return new Promise((resolve) => {
    const began = performance.now();
    let last = began;
    const next = (now: number): void => {
      frames.push(now - last);
      last = now;
      if (scrolls) scroller.scrollTop += 40;
      if (now - began < ms) requestAnimationFrame(next);
      else resolve(frames);
    };
    requestAnimationFrame(next);
  });
}
