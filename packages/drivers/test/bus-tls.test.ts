import { setDefaultCACertificates } from 'node:tls';
import { inspected, type Member } from '@belfry/contract-tests/bus';
import { TcpProxy } from '@belfry/contract-tests/faults';
import { isMissing, OPENSSL } from '@belfry/contract-tests/services';
import { afterEach, describe, expect, it } from 'vitest';
import { openMember, refusalOf } from './support/bus-member.ts';
import { closingAfterEach } from './support/closing.ts';
import { oneWithTls, TLS_ENGINES } from './support/tls-engines.ts';

for (const { kind, start, setting, named } of TLS_ENGINES) {
  describe.skipIf(isMissing(OPENSSL) || isMissing(kind))(`a ${kind.name} that speaks TLS`, () => {
    const closing = closingAfterEach();
    const running = oneWithTls((authority) => start(authority.certificate('IP:127.0.0.1')));
    afterEach(() => setDefaultCACertificates([]));

    const member = (port = running.service.port) => openMember(closing, setting(port));

    async function proxied(): Promise<{ one: Member; proxy: TcpProxy }> {
      const proxy = await TcpProxy.start({ port: running.service.port });
      closing(() => proxy.close());
      return { proxy, one: await member(proxy.port) };
    }

    /** One sentence without a secret. */
    async function refusal(port = running.service.port): Promise<string> {
      const error = await refusalOf(member(port), named);
      expect(error).toMatchObject({ code: 'invalid', field: named });
      expect(inspected(error)).not.toContain('secret');
      return error.message;
    }

    it('connects processes that trust its authority, and again after each loss', async () => {
      setDefaultCACertificates([running.authority.text]);
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
      await running.service.stop();
      await two.until(() => two.told.includes('lost'), 'the loss');
      await running.service.start();
      await two.until(() => two.told.includes('reconnect'), 'the return');
      expect(two.told).toEqual(['lost', 'back', 'reconnect']);
    });

    it('closes in order where nothing passes any more', async () => {
      setDefaultCACertificates([running.authority.text]);
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
      setDefaultCACertificates([running.authority.text]);
      const other = await start(running.authority.certificate('DNS:localhost'));
      closing(() => other.dispose());
      expect(await refusal(other.port)).toMatch(/certificate that is for another name.*127\.0\.0\.1/);
    });
  });
}
