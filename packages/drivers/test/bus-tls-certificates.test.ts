import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Member } from '@belfry/contract-tests/bus';
import {
  Authority,
  type Certificate,
  isMissing,
  NATS,
  OPENSSL,
  REDIS,
  type Service,
  type ServiceKind,
  startNats,
  startRedis,
} from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import type { BelfryError } from '@belfry/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TlsFront } from './support/tls-front.ts';

interface Engine {
  kind: ServiceKind;
  /** One that lets nobody in without a certificate of the authority, or that speaks no TLS. */
  start(authority: Authority, certificate?: Certificate): Promise<Service>;
  scheme: string;
  /** For one that begins with TLS. */
  direct: string;
}

const ENGINES: Engine[] = [
  {
    kind: REDIS,
    start: ({ file }, certificate) =>
      startRedis(certificate ? ['--tls-auth-clients', 'yes', '--tls-ca-cert-file', file] : [], certificate),
    scheme: 'rediss',
    direct: '',
  },
  {
    kind: NATS,
    start: ({ file }, certificate) => startNats(certificate ? ['--tlsverify', '--tlscacert', file] : [], certificate),
    scheme: 'tls',
    direct: '&sslnegotiation=direct',
  },
];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function member(url: string): Promise<Member> {
  const one = await Member.open({ open: openBus }, url);
  closers.push(() => one.bus.close());
  return one;
}

async function refusal(url: string): Promise<string> {
  const error = await member(url).then(
    () => new Error('It started.'),
    (thrown: unknown) => thrown,
  );
  const { message } = error as BelfryError;
  expect(message).toMatch(/^[^\n]+\.$/);
  expect(message).toContain('BELFRY_BUS');
  return message;
}

for (const { kind, start, scheme, direct } of ENGINES) {
  describe.skipIf(isMissing(OPENSSL) || isMissing(kind))(`a ${kind.name} that asks for a certificate`, () => {
    let authority: Authority;
    let engine: Service;
    beforeAll(async () => {
      authority = new Authority();
      engine = await start(authority, authority.certificate('IP:127.0.0.1'));
    });
    afterAll(async () => {
      await engine?.dispose();
      authority?.dispose();
    });

    const showing = ({ certFile, keyFile }: Certificate, port = engine.port) =>
      `${scheme}://127.0.0.1:${port}?sslrootcert=${authority.file}&sslcert=${certFile}&sslkey=${keyFile}`;

    it('connects processes that show one of its authority', async () => {
      const url = showing(authority.certificate('DNS:belfry'));
      const [one, two] = [await member(url), await member(url)];
      await two.bus.follow({ tenant: 'a' });
      one.publish('a', 1);
      await two.hears('a', 1);
    });

    it('refuses whoever shows none, or one of another authority, with what to do', async () => {
      const other = new Authority();
      closers.push(() => other.dispose());
      const urls = [
        `${scheme}://127.0.0.1:${engine.port}?sslrootcert=${authority.file}`,
        showing(other.certificate('DNS:belfry')),
      ];
      for (const url of urls)
        expect(await refusal(url)).toMatch(/asks for a certificate of the client.*sslcert.*sslkey/);
    });

    it('is shown what is in the files at each new connection', async () => {
      const plain = await start(authority);
      closers.push(() => plain.dispose());
      const front = await TlsFront.start(plain.port, authority.certificate('IP:127.0.0.1'), authority.text);
      closers.push(() => front.close());
      const folder = mkdtempSync(join(tmpdir(), 'belfry-renewed-'));
      closers.push(() => rmSync(folder, { recursive: true }));
      const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
      const put = (certificate: Certificate) => {
        copyFileSync(certificate.certFile, files.certFile);
        copyFileSync(certificate.keyFile, files.keyFile);
      };
      put(authority.certificate('DNS:first'));
      const one = await member(showing(files, front.port) + direct);
      expect(new Set(front.shown.splice(0))).toEqual(new Set(['DNS:first']));
      put(authority.certificate('DNS:second'));
      front.cut();
      await one.until(() => one.told.includes('reconnect'), 'the return');
      expect(new Set(front.shown)).toEqual(new Set(['DNS:second']));
    });

    it('is not asked with files that are missing, unlike or no certificates', async () => {
      const [mine, other] = [authority.certificate('DNS:a'), authority.certificate('DNS:b')];
      expect(await refusal(showing({ ...mine, certFile: '/nowhere.pem' }))).toMatch(
        /names \/nowhere\.pem as sslcert, and there is no such file/,
      );
      expect(await refusal(showing({ ...mine, keyFile: other.keyFile }))).toMatch(/no certificate and its key/);
      expect(await refusal(showing({ ...mine, certFile: mine.keyFile }))).toMatch(/no certificate and its key/);
      expect(await refusal(`${scheme}://127.0.0.1:1?sslcert=${mine.certFile}`)).toMatch(
        /only one of sslcert and sslkey/,
      );
    });

    it('is not asked where something else stands behind the ?, which is not repeated', async () => {
      const message = await refusal(`${scheme}://127.0.0.1:${engine.port}?hunter2`);
      expect(message).toMatch(/There may be sslrootcert, sslcert, sslkey/);
      expect(message).not.toContain('hunter2');
    });
  });
}

describe.skipIf(isMissing(OPENSSL) || isMissing(REDIS))('a Redis without TLS', () => {
  it('is not asked with files for it', async () => {
    const authority = new Authority();
    closers.push(() => authority.dispose());
    expect(await refusal(`redis://127.0.0.1:1?sslrootcert=${authority.file}`)).toMatch(/Begin it with rediss:\/\//);
  });
});

describe.skipIf(isMissing(OPENSSL) || isMissing(NATS))('a NATS at nats:// and an IP address', () => {
  const authority = isMissing(OPENSSL) ? null : new Authority();
  afterAll(() => authority?.dispose());

  async function at(names: string | null): Promise<string> {
    const server = await startNats([], names === null ? undefined : authority?.certificate(names));
    closers.push(() => server.dispose());
    return `nats://127.0.0.1:${server.port}?sslrootcert=${authority?.file}`;
  }

  it('that demands TLS must show a certificate for that address', async () => {
    const one = await member(await at('IP:127.0.0.1'));
    expect(one.bus.isLost).toBe(false);
    expect(await refusal(await at('DNS:localhost'))).toMatch(/certificate that is for another name.*127\.0\.0\.1/);
  });

  it('that speaks no TLS is not asked with files for it', async () => {
    expect(await refusal(await at(null))).toMatch(/Begin it with tls:\/\//);
  });

  it('begins in no other way than it can', async () => {
    expect(await refusal('nats://127.0.0.1:1?sslnegotiation=later')).toMatch(/must be direct.*handshake_first/);
  });
});
