import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMissing, NATS, REDIS, startNats, startRedis } from '@belfry/contract-tests/services';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { openMember } from './support/bus-member.ts';
import { closingAfterEach } from './support/closing.ts';

const closing = closingAfterEach();
const member = (bus: string) => openMember(closing, { bus });

describe('a log that the engine does not let a process follow', () => {
  it.skipIf(isMissing(REDIS))('is told of once, harms no other, and is asked for on Redis until it does', async () => {
    const redis = await startRedis([
      '--user',
      'me',
      'on',
      '>pass',
      '+@all',
      'resetchannels',
      '&belfry.*.=probe',
      '&*.ok',
    ]);
    closing(redis.dispose);
    const [one, two] = [await member(redis.url), await member(`redis://me:pass@127.0.0.1:${redis.port}`)];
    for (const tenant of ['ok', 'secret', 'hidden']) await two.bus.follow({ tenant });
    expect(two.told).toEqual(['lost']);
    expect(two.reasons[0]).toMatch(/^Redis refuses a subscription: NOPERM/);
    await expect.poll(() => two.bus.counters.refused).toBeGreaterThan(4);
    one.publish('ok', 1);
    await two.hears('ok', 1);
    expect(two.told).toEqual(['lost']);
    await allow(redis.url);
    await two.until(() => two.told.includes('reconnect'), 'the end of the refusal');
    one.publish('secret', 2);
    await two.hears('secret', 2);
    expect(two.told).toEqual(['lost', 'back', 'reconnect']);
  });

  it.skipIf(isMissing(REDIS))('is no more trouble when nobody follows it', async () => {
    const redis = await startRedis(['--user', 'me', 'on', '>pass', '+@all', 'resetchannels', '&belfry.*.=probe']);
    closing(redis.dispose);
    const one = await member(`redis://me:pass@127.0.0.1:${redis.port}`);
    await one.bus.follow({ tenant: 'secret' });
    one.bus.unfollow({ tenant: 'secret' });
    expect(one.told).toEqual(['lost', 'back', 'reconnect']);
  });

  it.skipIf(isMissing(REDIS))('is told of too where it is the sending that is refused', async () => {
    const redis = await startRedis(['--user', 'me', 'on', '>pass', '+@all', 'resetchannels', '&belfry.*.=probe']);
    closing(redis.dispose);
    const one = await member(`redis://me:pass@127.0.0.1:${redis.port}`);
    for (const n of [1, 2]) one.publish('secret', n);
    await one.until(() => one.told.includes('lost'), 'the loss');
    expect(one.reasons[0]).toMatch(/^Redis refuses a message: NOPERM/);
    await expect.poll(() => one.bus.counters.failed).toBe(2);
    await allow(redis.url);
    one.publish('secret', 3);
    await one.until(() => one.told.includes('back'), 'the end of the refusal');
    expect(one.told).toEqual(['lost', 'back']);
  });

  it.skipIf(isMissing(NATS))('is told of once and harms no other on NATS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'belfry-nats-'));
    closing(() => rm(folder, { recursive: true }));
    const file = join(folder, 'nats.conf');
    const rights =
      'permissions: { subscribe: { deny: ["belfry.*.*.secret"] }, publish: { deny: ["belfry.*.*.mute"] } }';
    const users = `[{ user: me, password: pass, ${rights} }, { user: all, password: pass }]`;
    await writeFile(file, `authorization { users: ${users} }`);
    const nats = await startNats(['-c', file]);
    closing(nats.dispose);
    const at = `127.0.0.1:${nats.port}`;
    const [one, two] = [await member(`nats://all:pass@${at}`), await member(`nats://me:pass@${at}`)];
    for (const tenant of ['ok', 'secret']) await two.bus.follow({ tenant });
    expect(two.told).toEqual(['lost']);
    expect(two.reasons[0]).toMatch(/^NATS refuses a subscription: .*belfry/);
    await expect.poll(() => two.bus.counters.refused).toBeGreaterThan(2);
    one.publish('ok', 1);
    await two.hears('ok', 1);
    two.publish('mute', 1);
    await expect.poll(() => two.bus.counters.failed).toBeGreaterThan(0);
    expect(two.told).toEqual(['lost']);
  });
});

/** Lets `me` do everything. */
async function allow(url: string): Promise<void> {
  const admin = new Redis(url);
  await admin.call('acl', 'setuser', 'me', 'allchannels');
  admin.disconnect();
}
