import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspected } from '@belfry/contract-tests/bus';
import {
  isMissing,
  NATS,
  POSTGRES,
  REDIS,
  startNats,
  startPostgres,
  startRedis,
} from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { BelfryError } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import { startTwoNodes } from './support/redis-cluster.ts';

const SECRET = 'p%40ss-that-is-secret';

async function refusal(setting: string, databaseUrl?: string): Promise<BelfryError> {
  const error = await openBus(setting, { place: 'e1', databaseUrl }).then(
    (bus) => bus.close().then(() => new Error('It started.')),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BelfryError);
  expect(inspected(error)).not.toContain('secret');
  expect((error as BelfryError).message).toMatch(/^[^\n]+\.$/);
  return error as BelfryError;
}

/** A bus opened with the right password works, so that a refusal is about the password. */
async function accepted(setting: string): Promise<void> {
  const bus = await openBus(setting, { place: 'e1' });
  await bus.close();
}

describe('a bus setting', () => {
  it('that is none is refused, with what it can be', async () => {
    for (const setting of ['', 'redis', 'kafka://h:1', `amqp://me:${SECRET}@h`, 'http://h', 'Redis://h', '//h']) {
      const error = await refusal(setting);
      expect(error).toMatchObject({ code: 'invalid', field: 'BELFRY_BUS' });
      expect(error.message).toContain('redis://host:6379');
    }
  });

  it('that can not be read as an address is refused without being repeated', async () => {
    for (const setting of [`redis://me:${SECRET}@h:99999`, `nats://me:${SECRET}@[::1`, `redis://me:%-secret@h`]) {
      expect(await refusal(setting)).toMatchObject({ code: 'invalid', field: 'BELFRY_BUS' });
    }
  });

  it('of postgres needs a database', async () => {
    expect((await refusal('postgres')).message).toContain('DATABASE_URL');
  });

  it('of local is a bus that tells nobody', async () => {
    const bus = await openBus('local', { place: 'e1' });
    bus.listen({ onEvents() {}, onWake() {}, onReconnect() {} });
    await bus.follow({ tenant: 't' });
    bus.publish([]);
    bus.unfollow({ tenant: 't' });
    await bus.close();
    expect(bus.counters).toEqual({ published: 0, lost: 0, failed: 0, received: 0, refused: 0, reconnects: 0 });
  });
});

describe('a wrong password', () => {
  it.skipIf(isMissing(REDIS))('is told by Redis, and so is a missing one', async () => {
    const redis = await startRedis(['--requirepass', 'right']);
    try {
      const at = `127.0.0.1:${redis.port}`;
      for (const who of [`:${SECRET}@`, `someone:${SECRET}@`, '']) {
        expect(await refusal(`redis://${who}${at}`)).toMatchObject({
          code: 'invalid',
          field: 'BELFRY_BUS',
          message: `Redis at ${at} refused the bus its user name or password. Correct them in BELFRY_BUS.`,
        });
      }
      await accepted(`redis://:right@${at}`);
      await accepted(`redis://default:right@${at}`);
    } finally {
      await redis.dispose();
    }
  });

  it.skipIf(isMissing(NATS))('is told by NATS, and so is a wrong token', async () => {
    const [byUser, byToken] = [
      await startNats(['--user', 'me', '--pass', 'r@ght']),
      await startNats(['--auth', 'right']),
    ];
    try {
      for (const who of [`me:${SECRET}@`, '']) {
        const error = await refusal(`nats://${who}127.0.0.1:${byUser.port}`);
        expect(error).toMatchObject({ code: 'invalid', field: 'BELFRY_BUS' });
      }
      await accepted(`nats://me:r%40ght@127.0.0.1:${byUser.port}`);
      expect(await refusal(`nats://${SECRET}@127.0.0.1:${byToken.port}`)).toMatchObject({ code: 'invalid' });
      await accepted(`nats://right@127.0.0.1:${byToken.port}`);
    } finally {
      await byUser.dispose();
      await byToken.dispose();
    }
  });

  it.skipIf(isMissing(POSTGRES))('is told by Postgres, and so is a database that is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'belfry-hba-'));
    const rules = join(folder, 'pg_hba.conf');
    writeFileSync(rules, 'host postgres belfry 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n');
    const { chmodSync } = await import('node:fs');
    chmodSync(folder, 0o755);
    const postgres = await startPostgres({ settings: { hba_file: rules } });
    try {
      const at = `127.0.0.1:${postgres.port}`;
      expect(await refusal('postgres', `postgres://belfry:${SECRET}@${at}/postgres`)).toMatchObject({
        code: 'invalid',
        field: 'DATABASE_URL',
      });
      const missing = await refusal('postgres', `postgres://belfry:${SECRET}@${at}/nowhere`);
      expect(missing.message).toContain('nowhere');
    } finally {
      await postgres.dispose();
      await rm(folder, { recursive: true });
    }
  });
});

describe('an engine that is another one', () => {
  const sockets = () => process.getActiveResourcesInfo().filter((kind) => /TCPSocket|TLS/.test(kind)).length;

  it.skipIf(isMissing(REDIS) || isMissing(NATS))(
    'is told of in one sentence, and leaves no socket',
    async () => {
      const [redis, nats] = [await startRedis(), await startNats()];
      try {
        await expect.poll(sockets, { timeout: 30_000 }).toBe(0);
        const mistakes = [
          [`nats://127.0.0.1:${redis.port}`, /as a NATS server does/],
          [`tls://127.0.0.1:${redis.port}`, /as a NATS server does/],
          [`tls://127.0.0.1:${nats.port}`, /does not support 'tls'/],
          [`redis://127.0.0.1:${nats.port}`, /does not answer as Redis does/],
          [`rediss://127.0.0.1:${nats.port}`, /does not speak TLS, as rediss:/],
          [`rediss://127.0.0.1:${redis.port}`, /does not speak TLS/],
        ] as const;
        await Promise.all(
          mistakes.map(async ([setting, sentence]) => {
            const { message } = await refusal(setting);
            expect(message).toMatch(sentence);
            expect(message).not.toMatch(/\.\.|\.:/);
          }),
        );
        await expect.poll(sockets, { timeout: 30_000 }).toBe(0);
      } finally {
        await redis.dispose();
        await nats.dispose();
      }
    },
    20_000,
  );
});

describe('a Postgres that takes connections and says nothing', () => {
  it('is waited for two seconds', { retry: 2 }, async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const started = performance.now();
    const { port } = silent.address() as AddressInfo;
    expect(await refusal('postgres', `postgres://me@127.0.0.1:${port}/x`)).toMatchObject({ code: 'unavailable' });
    expect(performance.now() - started).toBeLessThan(4_000);
    silent.close();
  });
});

describe('a user without the right to publish and subscribe', () => {
  it.skipIf(isMissing(REDIS))('is told of by Redis', async () => {
    const redis = await startRedis(['--user', 'me', 'on', '>pass', '+@all', 'resetchannels', '&other.*']);
    try {
      const error = await refusal(`redis://me:pass@127.0.0.1:${redis.port}`);
      expect(error).toMatchObject({ code: 'invalid', field: 'BELFRY_BUS' });
      expect(error.message).toContain('does not let the bus publish and subscribe on belfry.*: NOPERM');
    } finally {
      await redis.dispose();
    }
  });

  it.skipIf(isMissing(REDIS))('is told what it lacks in a Redis Cluster', async () => {
    const rights = ['--user', 'me', 'on', '>pass', '&belfry*', '+@pubsub'];
    for (const [more, lacking] of [
      [[], 'info'],
      [['+info'], 'cluster|slots'],
    ] as const) {
      const nodes = await startTwoNodes([...rights, ...more]);
      try {
        for (const { port } of nodes) {
          const error = await refusal(`redis://me:pass@127.0.0.1:${port}`);
          expect(error).toMatchObject({ code: 'invalid', field: 'BELFRY_BUS' });
          expect(error.message).toMatch(new RegExp(`NOPERM .*'${lacking.replace('|', '.')}'`));
        }
      } finally {
        await Promise.all(nodes.map((node) => node.dispose()));
      }
    }
  });

  it.skipIf(isMissing(NATS))('is told of by NATS, whichever of both it may not', async () => {
    for (const right of ['publish', 'subscribe']) {
      const { dispose, port } = await natsWith(`permissions: { ${right}: { deny: ["belfry.>"] } }`);
      try {
        const error = await refusal(`nats://me:pass@127.0.0.1:${port}`);
        expect(error).toMatchObject({ code: 'invalid', field: 'BELFRY_BUS' });
        expect(error.message).toContain(
          'does not let the bus publish and subscribe on belfry.*: Permissions Violation',
        );
      } finally {
        await dispose();
      }
    }
  });
});

/** With one user, `me` with the password `pass`. */
async function natsWith(user: string) {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-nats-'));
  const file = join(folder, 'nats.conf');
  writeFileSync(file, `authorization { users: [{ user: me, password: pass, ${user} }] }`);
  const nats = await startNats(['-c', file]);
  return {
    port: nats.port,
    async dispose() {
      await nats.dispose();
      await rm(folder, { recursive: true });
    },
  };
}
