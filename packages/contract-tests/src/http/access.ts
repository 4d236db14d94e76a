import { describe, expect, it } from 'vitest';
import { callsOf } from './support/calls.ts';
import { expectProblem } from './support/problem.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

const NOW = () => Math.floor(Date.now() / 1_000);

function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function bearer(world: World, token: string) {
  return world.anyone.with({ authorization: `Bearer ${token}` });
}

/** Calls of people that change something. A ticket only opens a stream. */
function isPersonsWrite({ method, path }: { method: string; path: string }): boolean {
  return method === 'POST' && (path.startsWith('/v1/inbox') || path === '/v1/ack');
}

/** Who comes in, and who does not. */
export function accessContract(newWorld: NewWorld): void {
  describe('authentication', () => {
    it('is 401 with WWW-Authenticate on every call without a credential', async () => {
      const world = newWorld();
      const calls = await callsOf(world);
      expect(calls.length).toBeGreaterThan(20);
      for (const { method, path } of calls) {
        const answer = await world.anyone.call(method, path.replace('{id}', 'x'));
        expectProblem(answer, 'unauthenticated');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    });

    it('takes nothing that is not a Bearer credential of ours', async () => {
      const world = newWorld();
      const token = await world.harness.tokenFor({ sub: 'ada' });
      for (const authorization of [
        '',
        'Bearer',
        'Bearer ',
        `Basic ${token}`,
        token,
        `Bearer ${token} x`,
        'Bearer bk_made-up',
        `Bearer ${'x'.repeat(9_000)}`,
      ]) {
        expectProblem(await world.anyone.with({ authorization }).get('/v1/me'), 'unauthenticated');
      }
    });

    it('refuses a token that has expired, that is not yet good, and one without an end or a user', async () => {
      const world = newWorld();
      const good = await world.harness.tokenFor({ sub: 'ada' });
      const payload = JSON.parse(Buffer.from(good.split('.')[1] as string, 'base64url').toString());
      expect(payload.exp).toBeGreaterThan(NOW());
      for (const claims of [
        { sub: 'ada', exp: NOW() - 1 },
        { sub: 'ada', nbf: NOW() + 60 },
        { sub: 'ada', exp: null },
        { sub: '' },
        { sub: undefined as never },
      ]) {
        const token = await world.harness.tokenFor(claims);
        expectProblem(await bearer(world, token).get('/v1/me'), 'unauthenticated');
      }
    });

    it.each([
      ['Bearer', /^The Bearer token is empty: is the variable set in this terminal\?$/],
      ['Bearer ', /token is empty/],
      ['Basic eDp5', /"Authorization: Bearer <token>"/],
      ['Bearer bk_made-up', /neither a JWT nor an API key/],
      ['Bearer a.b.c', /not a JWT that can be read/],
    ])('says what is wrong with the header %j', async (authorization, detail) => {
      const answer = await newWorld().anyone.with({ authorization }).get('/v1/me');
      expectProblem(answer, 'unauthenticated');
      expect(answer.body).toMatchObject({ detail: expect.stringMatching(detail) });
    });

    it.each([
      [{ sub: undefined as never }, 'The token has no claim "sub".'],
      [{ sub: 42 as never }, 'The token\'s claim "sub" must be text.'],
      [{ sub: 'a b' }, /^The token's claim "sub" must start with a letter or digit/],
      [{ exp: Date.now() + 3_600_000 }, /^The token's claim "exp" must be in seconds since 1970; .*milliseconds\.$/],
      [{ exp: null }, 'The token has no claim "exp".'],
      [{ nbf: 'soon' }, /claim "nbf" of the wrong kind: .*seconds since 1970/],
      [{ exp: NOW() - 9 }, 'The token has expired.'],
      [{ nbf: NOW() + 60 }, /not good yet: its claim "nbf"/],
      [{ roles: 'admin' }, 'The token\'s claim "roles" must be a list.'],
      [{ roles: [7] }, 'The token\'s claim "roles.0" must be text.'],
      [{ channels: ['user:*'] }, /claim "channels\.0" must be a channel/],
    ] as [Record<string, unknown>, string | RegExp][])(
      'says what is wrong with the claims %j',
      async (claims, detail) => {
        const world = newWorld();
        const answer = await bearer(world, await world.harness.tokenFor({ sub: 'ada', ...claims })).get('/v1/me');
        expectProblem(answer, 'unauthenticated');
        const { detail: told } = answer.body as { detail: string };
        if (typeof detail === 'string') expect(told).toBe(detail);
        else expect(told).toMatch(detail);
      },
    );

    it('says that the signature is another secret’s', async () => {
      const world = newWorld();
      const [header, payload, signature = ''] = (await world.harness.tokenFor({ sub: 'ada' })).split('.');
      const turned = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
      expect((await bearer(world, `${header}.${payload}.${turned}`).get('/v1/me')).body).toMatchObject({
        detail: "The token's signature does not fit the secret or key that is set up here.",
      });
    });

    it('takes no token from the address of a stream, and says what to do instead', async () => {
      const world = newWorld();
      const token = await world.harness.tokenFor({ sub: 'ada', tenant: world.tenant });
      for (const name of ['token', 'access_token']) {
        const answer = await world.anyone.get(`/v1/stream?wait=0&${name}=${token}`);
        expectProblem(answer, 'unauthenticated');
        expect(answer.body).toMatchObject({ detail: expect.stringMatching(/^Tokens in URLs .*POST \/v1\/tickets/) });
        expect(JSON.stringify(answer.body)).not.toContain(token);
      }
      expect((await bearer(world, token).get('/v1/stream?wait=0&token=x')).status).toBe(200);
      const { detail } = (await bearer(world, 'bk_made-up').get('/v1/stream?wait=0&token=x')).body as {
        detail: string;
      };
      expect(detail).toMatch(/neither a JWT/);
    });

    it('refuses a token whose payload, signature or algorithm was changed', async () => {
      const world = newWorld();
      const good = await world.harness.tokenFor({ sub: 'ada', tenant: world.tenant });
      const [header, payload, signature] = good.split('.') as [string, string, string];
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const root = encoded({ ...claims, sub: 'root' });
      const forged = [
        `${header}.${root}.${signature}`,
        `${header}.${payload}.${signature.slice(0, -2)}`,
        `${header}.${payload}.`,
        `${encoded({ alg: 'none' })}.${payload}.`,
        `${encoded({ alg: 'none' })}.${payload}.${signature}`,
        `${encoded({ alg: 'NONE', typ: 'JWT' })}.${root}.`,
        `${encoded({ alg: 'HS512' })}.${payload}.${signature}`,
        `${encoded({ alg: 'RS256' })}.${payload}.${signature}`,
        `${encoded({ alg: 'HS256', b64: false, crit: ['b64'] })}.${payload}.${signature}`,
        `${encoded({})}.${payload}.${signature}`,
        `${encoded(null)}.${payload}.${signature}`,
        '..',
        'a.b.c',
        `${header}.${payload}.${signature}.${signature}`,
        `${header}..${signature}`,
      ];
      for (const token of forged) expectProblem(await bearer(world, token).get('/v1/me'), 'unauthenticated');
      expect((await bearer(world, good).get('/v1/me')).status).toBe(200);
    });

    it.each([
      ['sub', 'a b'],
      ['sub', 'x'.repeat(201)],
      ['tenant', 'a/b'],
      ['tenant', ''],
      ['roles', 'admin'],
      ['roles', ['a b']],
      ['channels', ['nope']],
      ['channels', ['user:*']],
      ['name', 7],
      ['name', 'x'.repeat(201)],
      ['avatarUrl', 'javascript:alert(1)'],
      ['avatarUrl', 'data:image/png;base64,x'],
      ['avatarUrl', '//evil.example/a.png'],
      ['since', 'yesterday'],
      ['since', -1],
      ['exp', 1e300],
      ['since', 1e300],
    ])('refuses a token whose claim %s is %j', async (claim, value) => {
      const world = newWorld();
      const token = await world.harness.tokenFor({ sub: 'ada', [claim]: value });
      for (const path of ['/v1/me', '/v1/inbox', '/v1/stream?wait=0']) {
        expectProblem(await bearer(world, token).get(path), 'unauthenticated');
      }
    });

    it('lets a read-only person read all of theirs and change nothing', async () => {
      const world = newWorld();
      const { id, cursor } = await world.send('user:eve');
      const eve = await world.person('eve', { scope: 'read' });
      const writes = (await callsOf(world)).filter(isPersonsWrite);
      expect(writes.length).toBeGreaterThanOrEqual(10);
      const bodies = [undefined, { ids: [id], mark: 'read' }, { device: 'phone', cursor }];
      for (const { method, path } of [...writes, { method: 'POST', path: '/v1/notifications' }]) {
        for (const body of bodies) expectProblem(await eve.call(method, path.replace('{id}', id), body), 'forbidden');
      }
      expect((await eve.get('/v1/inbox')).body).toMatchObject({ items: [{ id, seenAt: null }], unread: 1 });
      const stream = await (await eve.stream(`?device=phone`, { headers: { 'last-event-id': cursor } })).live();
      expect(await stream.frame('connected')).toMatchObject({ readOnly: true });
      await stream.close();
      const again = await eve.stream('?device=phone&state=none');
      expect(await again.frame('connected')).toMatchObject({ resumed: false });
      await again.close();
    });

    it('ignores Belfry-Tenant on a person’s token, which names its own', async () => {
      const world = newWorld();
      const ada = (await world.person('ada')).with({ 'belfry-tenant': 'other' });
      expect((await ada.get('/v1/me')).body).toMatchObject({ tenant: world.tenant });
    });
  });

  describe('the cookie', () => {
    async function withCookie(world: World, headers: Record<string, string>) {
      const token = await world.harness.tokenFor({ sub: 'ada', tenant: world.tenant });
      return world.anyone.with({ cookie: `theme=dark; belfry_token=${token}; x=y`, ...headers });
    }

    it('signs in for reading, from wherever the browser sends it', async () => {
      const world = newWorld();
      const ada = await withCookie(world, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
      expect((await ada.get('/v1/me')).status).toBe(200);
    });

    it('changes something from the same origin or an allowed one', async () => {
      const world = newWorld();
      const { host } = new URL(world.harness.url);
      for (const headers of [
        { 'sec-fetch-site': 'same-origin' },
        { 'sec-fetch-site': 'same-origin', origin: `http://${host}` },
        { origin: `http://${host}` },
        { origin: `https://${host}` },
        { origin: ALLOWED_ORIGIN, 'sec-fetch-site': 'cross-site' },
      ] as Record<string, string>[]) {
        const answer = await (await withCookie(world, headers)).post('/v1/inbox/read-all');
        expect(answer.status, JSON.stringify(headers)).toBe(204);
      }
    });

    it('changes nothing from elsewhere: 403 on every changing call', async () => {
      const world = newWorld();
      const writes = (await callsOf(world)).filter(({ method }) => method !== 'GET');
      const { host } = new URL(world.harness.url);
      for (const headers of [
        {},
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: `http://${host}.evil.example` },
        { origin: `http://evil.example/${host}` },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
        { 'sec-fetch-site': 'cross-site', origin: `http://${host}` },
      ] as Record<string, string>[]) {
        const caller = await withCookie(world, headers);
        for (const { method, path } of writes) {
          expectProblem(await caller.call(method, path.replace('{id}', 'x')), 'forbidden');
        }
      }
    });

    it('does not ask a Bearer request where it comes from', async () => {
      const world = newWorld();
      const token = await world.harness.tokenFor({ sub: 'ada', tenant: world.tenant });
      const ada = await withCookie(world, { authorization: `Bearer ${token}`, origin: 'https://evil.example' });
      expect((await ada.post('/v1/inbox/read-all')).status).toBe(204);
    });

    it('carries no API key', async () => {
      const world = newWorld();
      const caller = world.anyone.with({ cookie: `belfry_token=${world.harness.apiKey}` });
      expectProblem(await caller.get('/v1/notifications'), 'unauthenticated');
    });
  });

  describe('CORS', () => {
    it('answers a preflight of an allowed origin, with the methods and headers that pages send', async () => {
      const world = newWorld();
      const preflight = {
        origin: ALLOWED_ORIGIN,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,content-type,idempotency-key,last-event-id,belfry-tenant',
      };
      const { status, headers } = await world.anyone.with(preflight).call('OPTIONS', '/v1/notifications/x');
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-allow-methods')).toContain('PATCH');
      const allowed = headers.get('access-control-allow-headers')?.toLowerCase().split(',') ?? [];
      for (const name of preflight['access-control-request-headers'].split(',')) expect(allowed).toContain(name);
    });

    it('lets an allowed origin read answers, problems and streams, and no other', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      for (const [origin, allowed] of [
        [ALLOWED_ORIGIN, ALLOWED_ORIGIN],
        ['https://evil.example', null],
        [`${ALLOWED_ORIGIN}.evil.example`, null],
        ['null', null],
      ] as const) {
        const stream = await ada.with({ origin }).stream();
        const answers = [
          await ada.with({ origin }).get('/v1/me'),
          await world.anyone.with({ origin }).get('/v1/me'),
          await ada.with({ origin }).post('/v1/inbox/nope/read'),
          await ada.with({ origin }).call('OPTIONS', '/v1/me'),
        ];
        for (const { headers } of [...answers, stream.response]) {
          expect(headers.get('access-control-allow-origin')).toBe(allowed);
          expect(headers.get('vary')).toMatch(/^Origin(, Access-Control-Request-Headers)?$/);
        }
        await stream.close();
      }
    });

    it('says Vary: Origin also to who sends none, lest a cache keep that answer for a page', async () => {
      const ada = await newWorld().person('ada');
      const stream = await ada.stream();
      const answers = [await ada.get('/v1/me'), await ada.get('/v1/stream?wait=0'), await ada.get('/v1/nope')];
      for (const { headers } of [...answers, stream.response]) expect(headers.get('vary')).toBe('Origin');
      await stream.close();
    });
  });
}

export const ALLOWED_ORIGIN = 'https://app.example';
