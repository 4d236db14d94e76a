import { setDefaultCACertificates } from 'node:tls';
import { inspected, Member } from '@belfry/contract-tests/bus';
import { TcpProxy } from '@belfry/contract-tests/faults';
import {
  Authority,
  type Certificate,
  isMissing,
  NATS,
  OPENSSL,
  POSTGRES,
  REDIS,
  type Service,
  type ServiceKind,
  startNats,
  startPostgres,
  startRedis,
} from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import type { BelfryError } from '@belfry/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

interface Engine {
  kind: ServiceKind;
  start(certificate: Certificate): Promise<Service>;
  /** What is set to reach it. */
  setting(port: number): { bus: string; databaseUrl?: string };
  named: string;
}

const ENGINES: Engine[] = [
  {
    kind: REDIS,
    start: (certificate) => startRedis(['--requirepass', 'secret'], certificate),
    setting: (port) => ({ bus: `rediss://:secret@127.0.0.1:${port}` }),
    named: 'BELFRY_BUS',
  },
  {
    kind: NATS,
    start: (certificate) => startNats(['--user', 'me', '--pass', 'secret'], certificate),
    setting: (port) => ({ bus: `tls://me:secret@127.0.0.1:${port}` }),
    named: 'BELFRY_BUS',
  },
  {
    kind: POSTGRES,
    start: (certificate) => startPostgres({ certificate }),
    setting: (port) => ({
      bus: 'postgres',
      databaseUrl: `postgres://belfry:secret@127.0.0.1:${port}/postgres?sslmode=require`,
    }),
    named: 'DATABASE_URL',
  },
];

for (const { kind, start, setting, named } of ENGINES) {
  describe.skipIf(isMissing(OPENSSL) || isMissing(kind))(`a ${kind.name} that speaks TLS`, () => {
    const closers: (() => unknown)[] = [];
    let authority: Authority;
    let engine: Service;
    beforeAll(async () => {
      authority = new Authority();
      engine = await start(authority.certificate('IP:127.0.0.1'));
    });
    afterEach(async () => {
      setDefaultCACertificates([]);
      for (const close of closers.splice(0).reverse()) await close();
    });
    afterAll(async () => {
      await engine?.dispose();
      authority?.dispose();
    });

    async function member(port = engine.port): Promise<Member> {
      const { bus, databaseUrl } = setting(port);
      const one = await Member.open({ open: (url, options) => openBus(url, { ...options, databaseUrl }) }, bus);
      closers.push(() => one.bus.close());
      return one;
    }

    async function proxied(): Promise<{ one: Member; proxy: TcpProxy }> {
      const proxy = await TcpProxy.start({ port: engine.port });
      closers.push(() => proxy.close());
      return { proxy, one: await member(proxy.port) };
    }

    /** One sentence without a secret. */
    async function refusal(port = engine.port): Promise<string> {
      const error = await member(port).then(
        () => new Error('It started.'),
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ code: 'invalid', field: named });
      expect(inspected(error)).not.toContain('secret');
      const { message } = error as BelfryError;
      expect(message).toMatch(/^[^\n]+\.$/);
      expect(message).toContain(named);
      return message;
    }

    it('connects processes that trust its authority, and again after each loss', async () => {
      setDefaultCACertificates([authority.text]);
      const [{ one, proxy }, two] = [await proxied(), await member()];
      for (const n of [1, 2, 3]) {
        const [to, from] = [`to-${n}`, `from-${n}`];
        await two.bus.follow({ tenant: to });
        await one.bus.follow({ tenant: from });
        one.publish(to, n);
        two.publish(from, n);
        await two.hears(to, n);
        await one.hears(from, n);
        proxy.cut();
        await one.until(() => one.told.filter((what) => what === 'reconnect').length === n, `reconnect ${n}`);
      }
      await engine.stop();
      await two.until(() => two.told.includes('lost'), 'the loss');
      await engine.start();
      await two.until(() => two.told.includes('reconnect'), 'the return');
      expect(two.told).toEqual(['lost', 'back', 'reconnect']);
    });

    it('closes in order where nothing passes any more', async () => {
      setDefaultCACertificates([authority.text]);
      const { one, proxy } = await proxied();
      proxy.stall();
      await one.bus.close();
      proxy.heal();
      await expect.poll(() => proxy.open).toBe(0);
    });

    it('is refused where its authority is not known, with what to do', async () => {
      expect(await refusal()).toMatch(/certificate.*authority.*NODE_EXTRA_CA_CERTS/);
    });

    it('is refused where its certificate is for another host', async () => {
      setDefaultCACertificates([authority.text]);
      const other = await start(authority.certificate('DNS:localhost'));
      closers.push(() => other.dispose());
      expect(await refusal(other.port)).toMatch(/certificate that is for another name.*127\.0\.0\.1/);
    });
  });
}
