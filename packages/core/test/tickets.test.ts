import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCore, person, refusal, type TestCore } from './support.ts';

let core: TestCore;
beforeAll(async () => {
  core = await openCore();
});
afterAll(() => core.end());

async function refusedBecause(ticket: string, resuming: boolean): Promise<string> {
  const error = await refusal(core.tickets.claim(ticket, resuming));
  expect(error).toMatchObject({ code: 'unauthenticated', status: 401 });
  expect(error.message).not.toContain(ticket);
  return error.message;
}

describe('a ticket', () => {
  it('opens one stream for the person it was made for', async () => {
    const ada = person('ada', { roles: ['admin'], expiresAt: core.clock.now() + 3_600_000 });
    const { ticket, expiresAt } = await core.tickets.issue(ada);
    expect(ticket).toMatch(/^bt_[A-Za-z0-9_-]{43}$/);
    expect(Date.parse(expiresAt) - core.clock.now()).toBeGreaterThan(29_000);
    const claimed = await core.tickets.claim(ticket, false);
    expect(claimed.person).toEqual(ada);
    expect(claimed.access).toBeNull();
  });

  it('used twice at once lets one in', async () => {
    const { ticket } = await core.tickets.issue(person('ada'));
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => core.tickets.claim(ticket, n % 2 === 0)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is good for 30 s until it is used', async () => {
    const { ticket } = await core.tickets.issue(person('ada'));
    core.advance(30_001);
    expect(await refusedBecause(ticket, false)).toContain('expired');
    expect(await refusedBecause(ticket, true)).toContain('expired');
  });

  it('is good no longer than the token it came from, and says so', async () => {
    const ends = core.clock.now() + 10_000;
    const { expiresAt } = await core.tickets.issue(person('ada', { expiresAt: ends }));
    expect(Date.parse(expiresAt)).toBe(ends);
  });

  it('is not used where no stream came of it', async () => {
    const { ticket } = await core.tickets.issue(person('ada'));
    await (await core.tickets.claim(ticket, false)).putBack();
    await (await core.tickets.claim(ticket, false)).release();
    expect(await refusedBecause(ticket, false)).toContain('good only to resume');
  });

  it('resumes its own stream within 60 s of its end, and only resumes', async () => {
    const { ticket } = await core.tickets.issue(person('ada'));
    const stream = await core.tickets.claim(ticket, false);
    await stream.remember('9f2c');
    expect(await refusedBecause(ticket, true)).toContain('has a stream open');
    core.advance(600_000);
    await stream.release();
    expect(await refusedBecause(ticket, false)).toContain('good only to resume');
    core.advance(59_000);
    const resumed = await core.tickets.claim(ticket, true);
    expect(resumed.access).toBe('9f2c');
    await resumed.release();
    core.advance(60_001);
    expect(await refusedBecause(ticket, true)).toContain('expired');
  });

  it('ends with the token it came from', async () => {
    const { ticket } = await core.tickets.issue(person('ada', { expiresAt: core.clock.now() + 10_000 }));
    const stream = await core.tickets.claim(ticket, false);
    await stream.release();
    core.advance(10_001);
    expect(await refusedBecause(ticket, true)).toContain('expired');
  });

  it('is nothing where nobody issued it', async () => {
    for (const garbage of ['', 'bt_x', 'x'.repeat(10_000), '\0'])
      expect(await refusedBecause(`${garbage}!`, true)).toContain('not one of ours');
  });
});
