import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@belfry/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore, TestHub, type TestStore } from './support/hub.ts';
import type { TestStream } from './support/stream.ts';

/** A database, and the backup that was made of it after `BACKED_UP` events. */
const BACKED_UP = 5;
const HEAD = 10;

let folder: string;
let store: Store;
let backup: Store;
let test: TestHub;
let isRestored: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'belfry-restored-'));
  isRestored = false;
  const [dir, copy] = [join(folder, 'a'), join(folder, 'b')];
  const current = () => (isRestored ? backup : store);
  const switching = {
    get epoch() {
      return store.epoch;
    },
    shared: true,
    commit: (...call: Parameters<Store['commit']>) => current().commit(...call),
    read: (...call: Parameters<Store['read']>) => current().read(...call),
    now: () => Date.now(),
    // Not an own property that a spread would read too early: the epoch is the same for both.
  } as unknown as TestStore;
  store = await openSqliteStore({ dir });
  test = new TestHub(switching);
  for (let n = 0; n < BACKED_UP; n += 1) await tellStore(store);
  await store.close();
  await cp(dir, copy, { recursive: true });
  store = await openSqliteStore({ dir });
  backup = await openSqliteStore({ dir: copy });
  for (let n = BACKED_UP; n < HEAD; n += 1) await tellStore(store);
});

afterEach(async () => {
  test.close();
  await store.close();
  await backup.close();
  await rm(folder, { recursive: true });
});

/** As another process does, of which nothing is heard here. */
function tellStore(to: Store) {
  return to.commit('emit', { tenant: test.tenant, to: ['all'], type: 'test.told', data: '0' });
}

function follow(cursor: string | null = null): TestStream {
  return test.open(test.request(test.person('ada', { channels: ['all'] }), { cursor }));
}

async function sentAway(stream: TestStream): Promise<void> {
  await stream.closed();
  expect(stream.closing?.reason).toBe('unavailable');
}

describe('a database restored from a backup', () => {
  it('is noticed by a log that ends earlier: open streams start anew, with state', async () => {
    const stream = follow();
    await stream.live();
    isRestored = true;
    await sentAway(stream);
    const again = follow(stream.lastId);
    await again.live();
    expect(again.connected).toMatchObject({ resumed: false, reason: 'unknown' });
    const id = await test.tell('all');
    await again.has(id);
    expect(again.ids).toEqual([id]);
  });

  it('is noticed where the log has grown past the old end in the meantime', async () => {
    for (const extra of [HEAD - BACKED_UP, HEAD]) {
      isRestored = false;
      const stream = follow();
      await stream.live();
      isRestored = true;
      for (let n = 0; n < extra; n += 1) await tellStore(backup);
      await sentAway(stream);
      expect(stream.ids).toEqual([]);
      const again = follow(stream.lastId);
      await again.live();
      expect(again.connected).toMatchObject({ resumed: false, reason: 'epoch' });
      again.drop();
      test.hub.close();
      test = new TestHub({ ...test.core.store, now: () => Date.now() } as unknown as TestStore, {
        tenant: test.tenant,
      });
    }
  });

  it('is noticed at the next event also where it went unseen that the database was replaced', async () => {
    const stream = follow();
    await stream.live();
    isRestored = true;
    for (let n = BACKED_UP; n < HEAD; n += 1) await tellStore(backup);
    await test.tell('all');
    await sentAway(stream);
    expect(stream.ids).toEqual([]);
  });

  it('is noticed also where the database was away first, and the other processes already write to it', async () => {
    const stream = follow();
    await stream.live();
    const follower = { announce: test.hub.announce };
    const events = [];
    for (let n = BACKED_UP; n <= HEAD; n += 1) events.push(...(await tellStore(backup)).events);
    const read = store.read;
    store.read = () => Promise.reject(new Error('away'));
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    isRestored = true;
    store.read = read;
    follower.announce(events.slice(-1));
    await sentAway(stream);
    expect(stream.ids).toEqual([]);
  });
});
