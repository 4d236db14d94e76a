import { describe, expect, test } from 'vitest';
import { WRITERS, WriteTurns } from '../src/store/postgres/write-turns.ts';

/** Groups that are over when they are told to be. */
function groups(connections = { isAwaited: false }) {
  const turns = new WriteTurns(60_000, connections);
  const begun: string[] = [];
  const told: string[] = [];
  const ends = new Map<string, () => void>();
  const send = (log: string, group: string) => {
    const work = () => {
      begun.push(group);
      return new Promise<void>((resolve) => ends.set(group, resolve));
    };
    void turns.group(log, work).then(() => told.push(group));
  };
  const end = (group: string) => {
    ends.get(group)?.();
    return new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, told, send, end };
}

describe('the turns of writes', () => {
  test('are not taken by a group that is sent behind another of its log: as many logs as connections write at once', async () => {
    const { begun, send } = groups();
    const logs = Array.from({ length: WRITERS }, (_, at) => `log-${at}`);
    for (const log of logs) {
      send(log, `first of ${log}`);
      send(log, `behind it in ${log}`);
    }
    expect(begun).toEqual(logs.flatMap((log) => [`first of ${log}`, `behind it in ${log}`]));
  });

  test('last until all is answered that was sent in one, and each answer is told when it comes', async () => {
    const { begun, told, send, end } = groups();
    for (let at = 1; at < WRITERS; at += 1) send(`other-${at}`, `other-${at}`);
    send('loud', 'first');
    send('loud', 'behind');
    send('late', 'late');
    await end('first');
    expect([told, begun.includes('late')]).toEqual([['first'], false]);
    await end('behind');
    expect([told, begun.includes('late')]).toEqual([['first', 'behind'], true]);
  });

  test('are given up by a log that always has more, where another waits', async () => {
    const { begun, send, end } = groups();
    for (let at = 1; at < WRITERS; at += 1) send(`other-${at}`, `other-${at}`);
    send('loud', 'loud 1');
    send('loud', 'loud 2');
    send('quiet', 'quiet');
    await end('loud 1');
    send('loud', 'loud 3');
    await end('loud 2');
    expect(begun.slice(WRITERS - 1)).toEqual(['loud 1', 'loud 2', 'quiet']);
    await end('quiet');
    expect(begun.at(-1)).toBe('loud 3');
  });

  test('are given up by logs that always have more, where what takes no turn waits for a connection', async () => {
    const connections = { isAwaited: false };
    const { begun, send, end } = groups(connections);
    for (let at = 0; at < WRITERS; at += 1) send(`loud-${at}`, `first of ${at}`);
    connections.isAwaited = true;
    send('loud-0', 'more of 0');
    expect(begun).not.toContain('more of 0');
    await end('first of 0');
    expect(begun.at(-1)).toBe('more of 0');
  });

  test('are taken anew by a log whose own is over', async () => {
    const { begun, send, end } = groups();
    send('log', 'before');
    await end('before');
    for (let at = 0; at < WRITERS; at += 1) send(`other-${at}`, `other-${at}`);
    send('log', 'after');
    expect(begun.includes('after')).toBe(false);
    await end('other-0');
    expect(begun.at(-1)).toBe('after');
  });

  test('do not outlive what fails in one', async () => {
    const turns = new WriteTurns(60_000, { isAwaited: false });
    const failing = () => turns.group('log', () => Promise.reject(new Error('refused')));
    await Promise.all(Array.from({ length: 3 * WRITERS }, () => expect(failing()).rejects.toThrow('refused')));
    expect(await turns.group('log', async () => 'written')).toBe('written');
  });
});
