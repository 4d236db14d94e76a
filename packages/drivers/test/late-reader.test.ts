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
  const told = vi.fn<(reason: Error) => void>();
  const reader = new LateReader(writer, {} as ThreadData, begin, told);
  vi.runAllTimers();
  expect(begin).toHaveBeenCalledOnce();
  expect(told).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: expect.stringContaining('EAGAIN') }));
  expect(await reader.request('counts')).toBe('the writer on counts');
  await reader.close();
});

test('nobody is told of a reader that is closed while it opens', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const opening = Promise.withResolvers<unknown>();
  const thread = { open: () => opening.promise, close: async () => opening.reject(new Error('It has ended.')) };
  const told = vi.fn();
  const reader = new LateReader({} as Thread, {} as ThreadData, () => thread as unknown as Thread, told);
  vi.runAllTimers();
  await reader.close();
  await expect(opening.promise).rejects.toThrow();
  expect(told).not.toHaveBeenCalled();
});
