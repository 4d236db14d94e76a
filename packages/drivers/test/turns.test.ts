import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Turns } from '../src/store/turns.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const asker = (who: string, tenant = 'default') => ({ tenant, who, most: 10 });
const never = () => new Promise<never>(() => {});

test('what waits too long is refused, and leaves its place to those behind it', async () => {
  const turns = new Turns({ what: 'reads', atOnce: 1, waitMs: 1_000 });
  let end = () => {};
  const first = turns.run(asker('ada'), () => new Promise<void>((resolve) => (end = resolve)));
  const late = turns.run(asker('ben'), never).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(999);
  const next = turns.run(asker('ben'), async () => 'next');
  await vi.advanceTimersByTimeAsync(1);
  expect(await late).toMatchObject({ code: 'unavailable', retryAfter: 1 });
  end();
  await first;
  expect(await next).toBe('next');
});

test('all together wait in a bounded number', async () => {
  const turns = new Turns({ what: 'reads', atOnce: 1, waitMs: null, waitingAll: 3 });
  for (const who of ['ada', 'ben', 'eve', 'ida']) void turns.run(asker(who), never);
  await expect(turns.run(asker('joe', 'other'), never)).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
});
