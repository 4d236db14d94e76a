import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
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
import { afterAll, describe, expect, it } from 'vitest';
import { openMember, refusalOf } from './support/bus-member.ts';
import { closingAfterEach } from './support/closing.ts';
import { oneWithTls } from './support/tls-engines.ts';
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

const closing = closingAfterEach();
const member = (bus: string) => openMember(closing, { bus });
const refusal = async (bus: string) => (await refusalOf(member(bus))).message;

for (const { kind, start, scheme, direct } of ENGINES) {
  describe.skipIf(isMissing(OPENSSL) || isMissing(kind))(`a ${kind.name} that asks for a certificate`, () => {
    const running = oneWithTls((authority) => start(authority, authority.certificate('IP:127.0.0.1')));

    const showing = ({ certFile, keyFile }: Certificate, port = running.service.port) =>
      `${scheme}://127.0.0.1:${port}?sslrootcert=${running.authority.file}&sslcert=${certFile}&sslkey=${keyFile}`;

    it('connects processes that show one of its authority', async () => {
      const url = showing(running.authority.certificate('DNS:belfry'));
      const [one, two] = [await member(url), await member(url)];
      await two.bus.follow({ tenant: 'a' });
      one.publish('a', 1);
      await two.hears('a', 1);
    });

    it('refuses whoever shows none, or one of another authority, with what to do', async () => {
      const other = new Authority();
      closing(() => other.dispose());
      const urls = [
        `${scheme}://127.0.0.1:${running.service.port}?sslrootcert=${running.authority.file}`,
        showing(other.certificate('DNS:belfry')),
      ];
      for (const url of urls)
        expect(await refusal(url)).toMatch(/asks for a certificate of the client.*sslcert.*sslkey/);
    });

    it('is shown what is in the files at each new connection', async () => {
      const { authority } = running;
      const plain = await start(authority);
      closing(() => plain.dispose());
      const front = await TlsFront.start(plain.port, authority.certificate('IP:127.0.0.1'), authority.text);
      closing(() => front.close());
      const folder = mkdtempSync(join(tmpdir(), 'belfry-renewed-'));
      closing(() => rmSync(folder, { recursive: true }));
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
      const [mine, other] = ['DNS:a', 'DNS:b'].map((name) => running.authority.certificate(name)) as [
        Certificate,
        Certificate,
      ];
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
      const message = await refusal(`${scheme}://127.0.0.1:${running.service.port}?hunter2`);
      expect(message).toMatch(/There may be sslrootcert, sslcert, sslkey/);
      expect(message).not.toContain('hunter2');
    });
  });
}

describe.skipIf(isMissing(OPENSSL))('a server that has no cipher in common with us', () => {
  it('is not said to ask for a certificate: it may, or its log says what it found wrong', async () => {
    const authority = new Authority();
    closing(() => authority.dispose());
    const { certFile, keyFile } = authority.certificate('IP:127.0.0.1');
    const [cert, key] = [readFileSync(certFile), readFileSync(keyFile)];
    // Keys are of elliptic curves.
    const ciphers = 'ECDHE-RSA-AES128-GCM-SHA256';
    const server = createServer({ cert, key, ciphers, maxVersion: 'TLSv1.2' }).listen(0, '127.0.0.1');
    closing(() => new Promise((resolve) => server.close(resolve)));
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const said = await refusal(`rediss://127.0.0.1:${port}?sslrootcert=${authority.file}`);
    expect(said).toMatch(/^Redis at .* broke off the TLS handshake\. If it asks for.*sslcert.*sslkey.*its own log/);
  });
});

describe.skipIf(isMissing(OPENSSL) || isMissing(REDIS))('a Redis without TLS', () => {
  it('is not asked with files for it', async () => {
    const authority = new Authority();
    closing(() => authority.dispose());
    expect(await refusal(`redis://127.0.0.1:1?sslrootcert=${authority.file}`)).toMatch(/Begin it with rediss:\/\//);
  });
});

describe.skipIf(isMissing(OPENSSL) || isMissing(NATS))('a NATS at nats:// and an IP address', () => {
  const authority = isMissing(OPENSSL) ? null : new Authority();
  afterAll(() => authority?.dispose());

  async function at(names: string | null): Promise<string> {
    const server = await startNats([], names === null ? undefined : authority?.certificate(names));
    closing(() => server.dispose());
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
