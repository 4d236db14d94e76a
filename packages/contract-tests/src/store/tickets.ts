import { describe, expect, test } from 'vitest';
import type { SharedStore } from './harness.ts';
import { newTenant, person } from './samples.ts';

/** Tickets: one stream at a time, and only for a while. */
export function ticketSuite(open: SharedStore): void {
  describe('tickets', () => {
    const who = person(newTenant(), 'ada', { name: 'Ada', roles: ['admin'], since: 5 });
    let made = 0;
    const issue = async (over: { expiresAt?: number; unusedMs?: number } = {}) => {
      made += 1;
      const hash = `${made}`.padStart(64, '0');
      const until = { unusedMs: 30_000, expiresAt: open().now() + 3_600_000, ...over };
      await open().store.commit('issueTicket', { hash, person: who, ...until });
      return {
        claim: async (resuming = false) => (await open().store.commit('claimTicket', { hash, resuming })).out,
        release: () => open().store.commit('releaseTicket', { hash, unused: false }),
        putBack: () => open().store.commit('releaseTicket', { hash, unused: true }),
        remember: (access: string) => open().store.commit('rememberTicket', { hash, access }),
      };
    };

    test('open one stream, for whom they were made', async () => {
      const ticket = await issue();
      expect(await ticket.claim()).toEqual({ person: who, access: null });
      expect(await ticket.claim()).toEqual({ refused: 'in_use' });
      expect(await ticket.claim(true)).toEqual({ refused: 'in_use' });
      const unknown = open().store.commit('claimTicket', { hash: 'f'.repeat(64), resuming: true });
      expect((await unknown).out).toEqual({ refused: 'unknown' });
    });

    test('are won by one of many who claim at once', async () => {
      const ticket = await issue();
      const claims = await Promise.all(Array.from({ length: 20 }, () => ticket.claim()));
      expect(claims.filter((claim) => 'person' in claim)).toHaveLength(1);
    });

    test('open the next stream only to resume, within 60 s of the end of the last', async () => {
      const ticket = await issue();
      await ticket.claim();
      await ticket.remember('9f2c');
      open().turnClock(600_000);
      await ticket.release();
      expect(await ticket.claim(false)).toEqual({ refused: 'spent' });
      open().turnClock(59_000);
      expect(await ticket.claim(true)).toEqual({ person: who, access: '9f2c' });
      await ticket.release();
      await ticket.release();
      open().turnClock(61_000);
      expect(await ticket.claim(true)).toEqual({ refused: 'expired' });
    });

    test('are as good as before where no stream came of it, and only while no stream ever did', async () => {
      const ticket = await issue();
      await ticket.claim();
      await ticket.remember('9f2c');
      await ticket.putBack();
      expect(await ticket.claim(false)).toEqual({ person: who, access: null });
      await ticket.remember('9f2c');
      await ticket.release();
      await ticket.putBack();
      expect(await ticket.claim(false)).toEqual({ refused: 'spent' });
      expect(await ticket.claim(true)).toEqual({ person: who, access: '9f2c' });
      await ticket.putBack();
      expect(await ticket.claim(false)).toEqual({ refused: 'spent' });
      expect(await ticket.claim(true)).toEqual({ person: who, access: '9f2c' });
    });

    test('end unused after their time, and used with their token', async () => {
      const unused = await issue();
      const used = await issue({ expiresAt: open().now() + 100_000 });
      const forever = await issue({ unusedMs: 1e9 });
      await used.claim();
      await used.release();
      open().turnClock(31_000);
      expect(await unused.claim()).toEqual({ refused: 'expired' });
      expect(await used.claim(true)).toMatchObject({ person: who });
      await used.release();
      open().turnClock(70_000);
      expect(await used.claim(true)).toEqual({ refused: 'expired' });
      expect(await forever.claim()).toMatchObject({ person: who });
    });

    test('are forgotten when they can open nothing more, and not before', async () => {
      const [dead, ended, live] = [await issue(), await issue(), await issue()];
      await ended.claim();
      await live.claim();
      open().turnClock(31_000);
      await ended.release();
      const sweep = () => open().store.commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 1_000 });
      await sweep();
      expect(await dead.claim()).toEqual({ refused: 'unknown' });
      expect(await ended.claim(true)).toMatchObject({ person: who });
      await ended.release();
      open().turnClock(61_000);
      await sweep();
      expect(await ended.claim(true)).toEqual({ refused: 'unknown' });
      await live.release();
      expect(await live.claim(true)).toMatchObject({ person: who });
    });
  });
}
