import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { draft, reader } from '@belfry/contract-tests/samples';
import type { Store } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { inFolder } from './support/folder.ts';

/** Those that run, as the process sees them start and end. */
const workers = new Set<Worker>();
const note = (worker: Worker) => {
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
};
beforeAll(() => void process.on('worker', note));
afterAll(() => void process.off('worker', note));

async function openWithThreads(dir: string) {
  const store = await openSqliteStore({ dir });
  const named = (name: string) => [...workers].find(({ threadName }) => threadName === name) as Worker;
  return { store, writer: named('belfry-writer'), reader: named('belfry-reader') };
}

describe('a thread that dies or falls behind', () => {
  const publish = (store: Awaited<ReturnType<typeof openSqliteStore>>) =>
    store.commit('publish', { tenant: 'default', drafts: [draft()] });
  const gone = (name: string) => ({ code: 'unavailable', message: expect.stringContaining(`${name} thread`) });

  test('fails the writes under way and all later ones, and close still returns', () =>
    inFolder(async (dir) => {
      const { store, writer } = await openWithThreads(dir);
      const works = Array.from({ length: 100 }, () => publish(store).catch((error) => error));
      const dead = writer.terminate();
      await dead;
      for (const result of await Promise.all(works))
        if (result instanceof Error) expect(result).toMatchObject(gone('writer'));
      await expect(publish(store)).rejects.toMatchObject(gone('writer'));
      expect(await store.read('keys', {})).toEqual([]);
      await expect(store.read('ping', {})).rejects.toMatchObject(gone('writer'));
      await store.close();
      await (await openSqliteStore({ dir })).close();
    }));

  test('fails the reads, while writes go on', () =>
    inFolder(async (dir) => {
      const { store, reader } = await openWithThreads(dir);
      const reads = Array.from({ length: 20 }, () => store.read('ping', {}).catch((error) => error));
      await reader.terminate();
      for (const result of await Promise.all(reads)) if (result !== null) expect(result).toMatchObject(gone('reader'));
      await expect(store.read('ping', {})).rejects.toMatchObject(gone('reader'));
      expect((await publish(store)).events).toHaveLength(1);
      await store.close();
    }));

  test('fills no memory with questions while it is behind', () =>
    inFolder(async (dir) => {
      const { store } = await openWithThreads(dir);
      const reads = Array.from({ length: 10_000 }, () => store.read('keys', {}));
      await expect(store.read('keys', {})).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
      await Promise.all(reads);
      expect(await store.read('keys', {})).toEqual([]);
      await store.close();
    }));

  test('lets no one person fill it with lists', () =>
    inFolder(async (dir) => {
      const { store } = await openWithThreads(dir);
      const input = { reader: reader('default', 'ada'), query: { filter: 'all' as const, before: null, limit: 50 } };
      const lists = Array.from({ length: 18 }, () => store.read('inbox', input));
      await expect(store.read('inbox', input)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 1 });
      expect(await store.read('counts', { reader: reader('default', 'ada') })).toMatchObject({ unread: 0 });
      await Promise.all(lists);
      await store.close();
    }));

  test('is left to the next database, which sees nothing of the last', () =>
    inFolder((first) =>
      inFolder(async (second) => {
        const before = await openWithThreads(first);
        await publish(before.store);
        await before.store.close();
        const after = await openWithThreads(second);
        expect([after.writer, after.reader]).toEqual([before.writer, before.reader]);
        expect(after.store.epoch).not.toBe(before.store.epoch);
        expect((await publish(after.store)).events).toMatchObject([{ n: 1 }]);
        await after.store.close();
        await expect.poll(() => workers.size).toBe(0);
      }),
    ));
});

describe('a store whose reader comes later', () => {
  const named = (name: string) => [...workers].find(({ threadName }) => threadName === name);
  const unread = (store: Store) => store.read('counts', { reader: reader('default', 'ada') });

  /** Time stands still, so the reader has not begun. */
  async function openWithoutReader(dir: string) {
    await expect.poll(() => workers.size).toBe(0);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const store = await openSqliteStore({ dir, readerLater: true });
    expect(named('belfry-reader')).toBeUndefined();
    await store.commit('publish', { tenant: 'default', drafts: [draft()] });
    return store;
  }

  async function beginReader(): Promise<void> {
    const began = once(process, 'worker');
    vi.runAllTimers();
    vi.useRealTimers();
    await began;
  }

  afterEach(() => void vi.useRealTimers());

  test('is read at once, by the writer, and then by the reader', () =>
    inFolder(async (dir) => {
      const store = await openWithoutReader(dir);
      expect(await unread(store)).toMatchObject({ unread: 1 });
      await beginReader();
      await named('belfry-writer')?.terminate();
      await expect.poll(() => unread(store).catch(() => null)).toMatchObject({ unread: 1 });
      await store.close();
    }));

  test('is read on where the reader cannot open', () =>
    inFolder(async (dir) => {
      const store = await openWithoutReader(dir);
      // As soon as there is one: a moment later it might be open.
      const { promise: ended, resolve } = Promise.withResolvers<number>();
      process.once('worker', (worker) => void worker.terminate().then(resolve));
      await beginReader();
      await ended;
      expect(await unread(store)).toMatchObject({ unread: 1 });
      await store.close();
    }));

  test('is closed before its reader has begun, or while it opens', () =>
    inFolder(async (dir) => {
      const first = await openWithoutReader(dir);
      vi.useRealTimers();
      await first.close();
      const second = await openWithoutReader(dir);
      await beginReader();
      await second.close();
      await expect.poll(() => workers.size).toBe(0);
    }));
});
