import { describe, expect, test } from 'vitest';
import { newTenant, person } from './fixtures.ts';
import { type OpenStore, ownStore, type StoreHarness } from './harness.ts';

/** Tickets: one stream at a time, and only for a while. */
export function ticketSuite(harness: StoreHarness): void {
  describe('tickets', () => {
    const who = person(newTenant(), 'ada', { name: 'Ada', roles: ['admin'], since: 5 });
    let made = 0;
    const issue = async ({ store }: OpenStore, over: { expiresAt?: number; unusedUntil?: number } = {}) => {
      made += 1;
      const hash = `${made}`.padStart(64, '0');
      const until = { unusedUntil: Date.now() + 30_000, expiresAt: Date.now() + 3_600_000, ...over };
      await store.commit('issueTicket', { hash, person: who, ...until });
      return {
        claim: async (resuming = false) => (await store.commit('claimTicket', { hash, resuming })).out,
        release: () => store.commit('releaseTicket', { hash }),
        remember: (access: string) => store.commit('rememberTicket', { hash, access }),
      };
    };

    test('open one stream, for whom they were made', () =>
      ownStore(harness, async (open) => {
        const ticket = await issue(open);
        expect(await ticket.claim()).toEqual({ person: who, access: null });
        expect(await ticket.claim()).toEqual({ refused: 'in_use' });
        expect(await ticket.claim(true)).toEqual({ refused: 'in_use' });
        const unknown = open.store.commit('claimTicket', { hash: 'f'.repeat(64), resuming: true });
        expect((await unknown).out).toEqual({ refused: 'unknown' });
      }));

    test('are won by one of many who claim at once', () =>
      ownStore(harness, async (open) => {
        const ticket = await issue(open);
        const claims = await Promise.all(Array.from({ length: 20 }, () => ticket.claim()));
        expect(claims.filter((claim) => 'person' in claim)).toHaveLength(1);
      }));

    test('open the next stream only to resume, within 60 s of the end of the last', () =>
      ownStore(harness, async (open) => {
        const ticket = await issue(open);
        await ticket.claim();
        await ticket.remember('9f2c');
        open.turnClock(600_000);
        await ticket.release();
        expect(await ticket.claim(false)).toEqual({ refused: 'spent' });
        open.turnClock(59_000);
        expect(await ticket.claim(true)).toEqual({ person: who, access: '9f2c' });
        await ticket.release();
        await ticket.release();
        open.turnClock(61_000);
        expect(await ticket.claim(true)).toEqual({ refused: 'expired' });
      }));

    test('end unused after their time, and used with their token', () =>
      ownStore(harness, async (open) => {
        const unused = await issue(open);
        const used = await issue(open, { expiresAt: Date.now() + 100_000 });
        const forever = await issue(open, { unusedUntil: Date.now() + 1e9 });
        await used.claim();
        await used.release();
        open.turnClock(31_000);
        expect(await unused.claim()).toEqual({ refused: 'expired' });
        expect(await used.claim(true)).toMatchObject({ person: who });
        await used.release();
        open.turnClock(70_000);
        expect(await used.claim(true)).toEqual({ refused: 'expired' });
        expect(await forever.claim()).toMatchObject({ person: who });
      }));

    test('are forgotten when they can open nothing more, and not before', () =>
      ownStore(harness, async (open) => {
        const [dead, ended, live] = [await issue(open), await issue(open), await issue(open)];
        await ended.claim();
        await live.claim();
        open.turnClock(31_000);
        await ended.release();
        const sweep = () => open.store.commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 1_000 });
        await sweep();
        expect(await dead.claim()).toEqual({ refused: 'unknown' });
        expect(await ended.claim(true)).toMatchObject({ person: who });
        await ended.release();
        open.turnClock(61_000);
        await sweep();
        expect(await ended.claim(true)).toEqual({ refused: 'unknown' });
        await live.release();
        expect(await live.claim(true)).toMatchObject({ person: who });
      }));
  });
}
