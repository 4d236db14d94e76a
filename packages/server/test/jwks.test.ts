import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamReader } from '@belfry/contract-tests/http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET, startServer, type TestServer, tokenFor } from './support/start.ts';

/** An issuer's key set over HTTP, which can be away or talk nonsense. */
class Issuer {
  readonly #server: Server;
  keys: JWK[] = [];
  answer: 'keys' | 'error' | 'nonsense' | 'away' = 'keys';
  asked = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked += 1;
      if (this.answer === 'away') request.socket.destroy();
      else if (this.answer === 'error') response.writeHead(500).end();
      else response.end(this.answer === 'keys' ? JSON.stringify({ keys: this.keys }) : '<html>');
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jwks.json`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

interface Signer {
  sign(claims?: Record<string, unknown>, header?: Record<string, string>): Promise<string>;
  jwk: JWK;
}

async function signer(alg: 'RS256' | 'ES256' | 'PS256', kid: string): Promise<Signer> {
  const { privateKey, publicKey }: { privateKey: CryptoKey; publicKey: CryptoKey } = await generateKeyPair(alg);
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg },
    sign: (claims = {}, header = {}) =>
      new SignJWT({ sub: 'ada', iss: 'https://issuer.example', aud: 'belfry', ...claims })
        .setProtectedHeader({ alg, kid, ...header })
        .setExpirationTime('1h')
        .sign(privateKey),
  };
}

describe('tokens of an issuer with a key set', () => {
  const issuer = new Issuer();
  let test: TestServer;
  let rsa: Signer;
  let ec: Signer;

  beforeAll(async () => {
    const jwksUrl = await issuer.start();
    [rsa, ec] = await Promise.all([signer('RS256', 'rsa-1'), signer('ES256', 'ec-1')]);
    issuer.keys = [rsa.jwk, ec.jwk];
    const jwt = { secret: SECRET, jwksUrl, issuer: 'https://issuer.example', audience: 'belfry' };
    test = await startServer({ auth: { jwt } });
  });
  afterAll(async () => {
    await test.stop();
    issuer.stop();
  });

  async function me(token: string): Promise<{ status: number; code: string | undefined; headers: Headers }> {
    const response = await fetch(`${test.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    const { code } = (await response.json()) as { code?: string };
    return { status: response.status, code, headers: response.headers };
  }

  it('are taken in RS256 and in ES256, and their keys fetched once', async () => {
    expect((await me(await rsa.sign())).status).toBe(200);
    expect((await me(await ec.sign())).status).toBe(200);
    expect(issuer.asked).toBe(1);
  });

  it('are taken beside tokens signed with the secret', async () => {
    const token = await tokenFor({ sub: 'ada', iss: 'https://issuer.example', aud: 'belfry' });
    expect((await me(token)).status).toBe(200);
  });

  it('are refused from another issuer, for another audience, or with neither', async () => {
    for (const claims of [{ iss: 'https://evil.example' }, { aud: 'other' }, { iss: undefined }, { aud: undefined }]) {
      expect(await me(await rsa.sign(claims)), JSON.stringify(claims)).toMatchObject({ status: 401 });
    }
    expect(await me(await tokenFor({ sub: 'ada' }))).toMatchObject({ status: 401 });
  });

  it('are refused with a key that the issuer does not have, or another one under its name', async () => {
    const stranger = await signer('RS256', 'stranger');
    const impostor = await signer('RS256', 'rsa-1');
    expect(await me(await stranger.sign())).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(await me(await impostor.sign())).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('are refused when the public key is used as an HS256 secret', async () => {
    const token = await new SignJWT({ sub: 'root', iss: 'https://issuer.example', aud: 'belfry' })
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa-1' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(JSON.stringify(rsa.jwk)));
    expect(await me(token)).toMatchObject({ status: 401 });
  });

  it('are refused in any other algorithm, with the right key too', async () => {
    const pss = await signer('PS256', 'pss-1');
    issuer.keys.push(pss.jwk);
    expect(await me(await pss.sign())).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('never make the server fetch keys from where the token says', async () => {
    const asked = issuer.asked;
    const token = await rsa.sign({}, { jku: 'http://127.0.0.1:1/evil.json', kid: 'rsa-1' });
    expect((await me(token)).status).toBe(200);
    expect(issuer.asked).toBe(asked);
  });
});

describe('an issuer that is away', () => {
  it.each(['away', 'error', 'nonsense'] as const)(
    '(%s) makes 503 with Retry-After, and heals by itself',
    async (how) => {
      const issuer = new Issuer();
      const jwksUrl = await issuer.start();
      const key = await signer('RS256', 'k');
      issuer.keys = [key.jwk];
      issuer.answer = how;
      const test = await startServer({ auth: { jwt: { jwksUrl } } });
      const headers = { authorization: `Bearer ${await key.sign()}` };
      const response = await fetch(`${test.url}/v1/me`, { headers });
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await response.json()).toMatchObject({ code: 'unavailable' });

      const stream = await StreamReader.open(`${test.url}/v1/stream`, {
        headers: { ...headers, accept: 'text/event-stream' },
      });
      expect(stream.response.status).toBe(200);
      expect(await stream.frame('closing')).toMatchObject({ reason: 'unavailable' });
      await stream.end();
      expect((await fetch(`${test.url}/v1/stream`, { headers })).status).toBe(503);

      const junk = { authorization: 'Bearer a.b.c' };
      expect((await fetch(`${test.url}/v1/me`, { headers: junk })).status).toBe(401);

      issuer.answer = 'keys';
      expect((await fetch(`${test.url}/v1/me`, { headers })).status).toBe(200);
      await test.stop();
      issuer.stop();
    },
  );
});
