import type { Worker } from 'node:worker_threads';
import { draft } from '@belfry/contract-tests/samples';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { describe, expect, test } from 'vitest';
import { inFolder } from './support/folder.ts';

/** The store's own threads, the writer first, as the process sees them start. */
async function openWithThreads(dir: string) {
  const workers: Worker[] = [];
  const note = (worker: Worker) => workers.push(worker);
  process.on('worker', note);
  const store = await openSqliteStore({ dir });
  process.off('worker', note);
  return { store, writer: workers[0] as Worker, reader: workers[1] as Worker };
}

describe('a thread that dies', () => {
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
      expect(await store.read('ping', {})).toBeNull();
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
});
