import { afterEach, expect, test, vi } from 'vitest';
import { LateReader } from '../src/store/sqlite/late-reader.ts';
import type { ThreadData } from '../src/store/sqlite/serve-thread.ts';
import type { Thread } from '../src/store/sqlite/thread.ts';

afterEach(() => void vi.useRealTimers());

// A rejection that nobody handles would end the process: then this file fails.
test('the writer goes on answering where the system gives no other thread', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const writer = { request: async (asked: unknown) => `the writer on ${asked}` } as unknown as Thread;
  const begin = vi.fn<() => Thread>(() => {
    throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
  });
  const reader = new LateReader(writer, {} as ThreadData, begin);
  vi.runAllTimers();
  expect(begin).toHaveBeenCalledOnce();
  expect(await reader.request('counts')).toBe('the writer on counts');
  await reader.close();
});
