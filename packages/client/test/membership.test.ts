import { expect, test } from 'vitest';
import { environmentWith } from '../src/environment.ts';
import { createMembership } from '../src/tabs/membership.ts';
import { FakeBrowser, type FakeTab } from './support/fake-browser.ts';

const STEP_MS = 10;

/** Enough for what was said to be heard and answered, and for a lock to pass on. */
async function turn(): Promise<void> {
  for (let n = 0; n < 6; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A leader and two who would be next, in a browser whose chance is this. */
async function joined(chance: number): Promise<{ browser: FakeBrowser; tabs: [FakeTab, FakeTab, FakeTab] }> {
  const browser = new FakeBrowser();
  const tabs = [browser.open(), browser.open(), browser.open()] as [FakeTab, FakeTab, FakeTab];
  for (const tab of tabs) {
    tab.clock.chance = chance;
    const membership = createMembership(environmentWith(tab.environment), {
      onLetter: ({ type }) => {
        if (type === 'ping' && membership.role === 'leading') membership.post({ type: 'pong' });
        else if (type === 'pong' || type === 'lead') membership.heard();
      },
      onTurn: () => {},
    });
    membership.join('a session');
    await turn();
  }
  expect(browser.leader).toBe(tabs[0]);
  return { browser, tabs };
}

/** How long the others wait until one of them leads. */
async function takenAfter(browser: FakeBrowser, others: readonly FakeTab[]): Promise<number> {
  let ms = 0;
  while (!others.some((tab) => tab === browser.leader)) {
    ms += STEP_MS;
    for (const { clock } of others) clock.advance(STEP_MS);
    await turn();
  }
  return ms;
}

const CHANCES = [0, 0.25, 0.5, 0.75, 0.999];

test.each(CHANCES)(
  'whatever the chance (%d), the lock of a leader that sleeps is taken within a second of its last word',
  async (chance) => {
    const { browser, tabs } = await joined(chance);
    const [leader, ...others] = tabs;
    // Asleep right after a word, and at any time between two of its neighbours' looks.
    for (const { clock } of others) clock.advance(chance * 777);
    await turn();
    leader.sleep();
    expect(await takenAfter(browser, others)).toBeLessThanOrEqual(1_000);
  },
);

test('the lock of a leader that is closed or crashed passes on without any timer', async () => {
  const { browser, tabs } = await joined(0.5);
  const [leader, next, last] = tabs;
  leader.kill();
  await turn();
  expect(browser.leader).toBe(next);
  next.kill();
  await turn();
  expect(browser.leader).toBe(last);
});
