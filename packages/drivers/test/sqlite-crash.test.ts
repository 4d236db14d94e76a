import type { Store } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { EVERYTHING } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { type Child, startChild } from './support/child.ts';
import { inFolder } from './support/folder.ts';

/** What the child said was kept: number and id. */
function acknowledged(child: Child): [number, string][] {
  const kept = child.lines.filter((line) => /^kept \d+ \S{36}$/.test(line)).map((line) => line.split(' '));
  return kept.map(([, n, id]) => [Number(n), id as string]);
}

/** The whole log is there without a gap, each event with its notification. */
async function storedIds(store: Store): Promise<Map<number, string>> {
  const input = { log: 'default', after: 0, upTo: 1e9, grants: EVERYTHING, limit: 1e6, maxBytes: 1e12 };
  const { events } = await store.read('readLog', input);
  expect(events.map((event) => event.n)).toEqual(events.map((_, index) => index + 1));
  const ids = new Map(events.map((event) => [event.n, JSON.parse(event.data).notification.id as string]));
  const newest = [...ids.values()].at(-1) as string;
  expect(await store.read('notification', { tenant: 'default', id: newest })).not.toBeNull();
  return ids;
}

async function nothingLost(dir: string, child: Child): Promise<string> {
  const store = await openSqliteStore({ dir });
  const stored = await storedIds(store);
  for (const [n, id] of acknowledged(child)) expect(stored.get(n)).toBe(id);
  await store.close();
  return store.epoch;
}

describe('a process that dies while it writes', () => {
  test(
    'loses nothing that it had acknowledged, killed at any moment, again and again',
    () =>
      inFolder(async (dir) => {
        const epochs = new Set<string>();
        for (const killAfter of [1, 40, 333]) {
          const child = startChild('publish-forever', [dir, '16']);
          await child.line('open');
          while (acknowledged(child).length < killAfter) await child.line(`kept`).then(() => turn());
          child.process.kill('SIGKILL');
          await child.ended();
          epochs.add(await nothingLost(dir, child));
        }
        expect(epochs.size).toBe(1);
      }),
    60_000,
  );

  test(
    'whose disk is full answers unavailable, says so, and keeps what it acknowledged',
    () =>
      inFolder(async (dir) => {
        // No file may grow past 4 MB: the kernel then refuses writes as a full disk would.
        const child = startChild('publish-forever', [dir, '8'], "trap '' XFSZ; ulimit -f 8192");
        expect(await child.line('stopped')).toMatch(/^stopped unavailable .*disk/);
        child.process.kill('SIGKILL');
        await child.ended();
        expect(acknowledged(child).length).toBeGreaterThan(10);
        await nothingLost(dir, child);
      }),
    60_000,
  );
});

const turn = () => new Promise((resolve) => setImmediate(resolve));
