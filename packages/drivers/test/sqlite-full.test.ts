import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { WriteHealth } from '../src/store/sqlite/write-health.ts';
import { startChild } from './support/child.ts';
import { inFolder } from './support/folder.ts';

describe('a full disk', () => {
  const room = (pid: number) => execFileSync('prlimit', [`--pid=${pid}`, '--fsize=unlimited:']);

  test(
    'makes the store not ready, until there is room again',
    () =>
      inFolder(async (dir) => {
        // No file may grow past 4 MB, as on a full disk; a soft limit, so that there can be room later.
        const child = startChild('publish-until-full', [dir], "trap '' XFSZ; ulimit -S -f 8192");
        expect(await child.line('before')).toBe('before null');
        expect(await child.line('refused')).toMatch(/unavailable .*disk/);
        expect(await child.line('full')).toMatch(/unavailable .*disk/);
        room(child.process.pid as number);
        expect(await child.line('after')).toBe('after null');
        expect((await child.ended()).code).toBe(0);
      }),
    30_000,
  );
});

describe('the health of writes', () => {
  const failed = { failed: { code: 'unavailable', message: 'The disk is full.' } } as const;
  const refused = { failed: { code: 'not_found', message: 'There is none.' } } as const;
  const wrote = { ok: { events: [{}] } };
  const idle = { ok: { events: [] } };
  const away = async () => {
    throw new Error('away');
  };

  test('is bad from a failure on, until something was written', async () => {
    const health = new WriteHealth(away);
    await health.assert();
    health.note([wrote, refused, idle]);
    await health.assert();
    health.note([wrote, failed, refused]);
    await expect(health.assert()).rejects.toThrow('away');
    health.note([refused, idle]);
    await expect(health.assert()).rejects.toThrow('away');
    health.note([wrote]);
    await health.assert();
    health.noteFailure();
    await expect(health.assert()).rejects.toThrow('away');
  });

  test('is tried by one write at a time, and by none while all is well', async () => {
    let probes = 0;
    let end = () => {};
    const health = new WriteHealth(() => {
      probes += 1;
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    });
    await health.assert();
    expect(probes).toBe(0);
    health.noteFailure();
    const both = Promise.all([health.assert(), health.assert()]);
    expect(probes).toBe(1);
    end();
    await both;
    await health.assert();
    expect(probes).toBe(1);
  });
});
