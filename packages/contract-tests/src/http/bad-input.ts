import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import type { NewWorld } from './support/worlds.ts';

const GOOD = { to: 'user:ada', type: 'm', title: 'Hello' };

function nested(levels: number): unknown {
  return JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
}

/** What is wrong with a notification, and the field that the answer names. */
const BAD: [string, Record<string, unknown>, string][] = [
  ['an unknown field', { ...GOOD, nope: 1 }, 'nope'],
  ['an unknown field in its subject', { ...GOOD, subject: { kind: 'a', id: 'b', nope: 1 } }, 'subject.nope'],
  ['no type', { to: 'all', title: 'x' }, 'type'],
  ['a type with a space', { ...GOOD, type: 'a b' }, 'type'],
  ['an empty type', { ...GOOD, type: '' }, 'type'],
  ['no title', { to: 'all', type: 'm' }, 'title'],
  ['a title that is a number', { ...GOOD, title: 7 }, 'title'],
  ['a title that is null', { ...GOOD, title: null }, 'title'],
  ['an empty title', { ...GOOD, title: '' }, 'title'],
  ['a title of 201 characters', { ...GOOD, title: 'x'.repeat(201) }, 'title'],
  ['a body of 4,001 characters', { ...GOOD, body: 'x'.repeat(4_001) }, 'body'],
  ['a body that is a list', { ...GOOD, body: ['x'] }, 'body'],
  ['no to', { type: 'm', title: 'x' }, 'to'],
  ['an empty to', { ...GOOD, to: [] }, 'to'],
  ['a to that does not parse', { ...GOOD, to: 'ada' }, 'to'],
  ['a to without a name', { ...GOOD, to: 'user:' }, 'to'],
  ['a reserved to', { ...GOOD, to: 'system:x' }, 'to'],
  ['a to with a star', { ...GOOD, to: 'topic:team/*' }, 'to'],
  ['a to with a line break', { ...GOOD, to: 'user:a\nb' }, 'to'],
  ['a name of 201 characters', { ...GOOD, to: `user:${'x'.repeat(201)}` }, 'to'],
  ['a bad one in a list', { ...GOOD, to: ['all', 'nope'] }, 'to.1'],
  ['101 channels', { ...GOOD, to: Array.from({ length: 101 }, (_, n) => `user:${n}`) }, 'to'],
  ['a to that is a number', { ...GOOD, to: 5 }, 'to'],
  ['a number in a list', { ...GOOD, to: ['user:a', 7] }, 'to.1'],
  ['a javascript: link', { ...GOOD, actionUrl: 'javascript:alert(1)' }, 'actionUrl'],
  ['a data: link', { ...GOOD, actionUrl: 'data:text/html,x' }, 'actionUrl'],
  ['a link to another host', { ...GOOD, actionUrl: '//evil.example' }, 'actionUrl'],
  ['a link with a backslash', { ...GOOD, actionUrl: '/\\evil.example' }, 'actionUrl'],
  ['a link with a tab', { ...GOOD, actionUrl: '/\t/evil.example' }, 'actionUrl'],
  ['a relative link', { ...GOOD, actionUrl: 'orders/7' }, 'actionUrl'],
  ['an empty link', { ...GOOD, actionUrl: '' }, 'actionUrl'],
  ['a link of 2,001 characters', { ...GOOD, actionUrl: `/${'x'.repeat(2_000)}` }, 'actionUrl'],
  [
    'a javascript: link in an action',
    { ...GOOD, actions: [{ id: 'a', label: 'b', url: 'javascript:1' }] },
    'actions.0.url',
  ],
  ['an action without a label', { ...GOOD, actions: [{ id: 'a' }] }, 'actions.0.label'],
  ['eleven actions', { ...GOOD, actions: Array.from({ length: 11 }, () => ({ id: 'a', label: 'b' })) }, 'actions'],
  ['a javascript: icon', { ...GOOD, icon: 'javascript:alert(1)' }, 'icon'],
  ['a data: icon', { ...GOOD, icon: 'data:image/svg+xml,<svg/>' }, 'icon'],
  ['an icon of another host', { ...GOOD, icon: '//evil.example/x.png' }, 'icon'],
  ['an icon with a line break', { ...GOOD, icon: 'be\nll' }, 'icon'],
  ['an icon of 65 letters', { ...GOOD, icon: 'x'.repeat(65) }, 'icon'],
  ['a javascript: avatar', { ...GOOD, actor: { name: 'a', avatarUrl: 'javascript:1' } }, 'actor.avatarUrl'],
  ['a javascript: subject', { ...GOOD, subject: { kind: 'a', id: 'b', url: 'javascript:1' } }, 'subject.url'],
  ['a severity that is none', { ...GOOD, severity: 'fatal' }, 'severity'],
  ['data over 16 KB', { ...GOOD, data: 'ü'.repeat(8_192) }, 'data'],
  ['data nested too deep', { ...GOOD, data: nested(66) }, 'data'],
  ['a time that is none', { ...GOOD, expiresAt: 'tomorrow' }, 'expiresAt'],
  ['a time without an offset', { ...GOOD, expiresAt: '2030-01-01T00:00:00' }, 'expiresAt'],
  ['the 30th of February', { ...GOOD, expiresAt: '2030-02-30T00:00:00Z' }, 'expiresAt'],
  ['a time in the past', { ...GOOD, expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  ['an empty dedupeKey', { ...GOOD, dedupeKey: '' }, 'dedupeKey'],
  ['a dedupeKey of 256 characters', { ...GOOD, dedupeKey: 'x'.repeat(256) }, 'dedupeKey'],
];

/** Bodies that are no JSON object of ours, as they go over the wire. */
const RAW: [string, string | Uint8Array<ArrayBuffer>, string][] = [
  ['nothing', '', 'body'],
  ['no JSON', '{"to":', 'body'],
  ['a list', '[]', 'body'],
  ['null', 'null', 'body'],
  ['text', '"x"', 'body'],
  ['a form', 'to=all&title=x', 'body'],
  ['invalid UTF-8', Uint8Array.from([...Buffer.from('{"title":"'), 0xff, 0xfe, ...Buffer.from('"}')]), 'body'],
  [
    'an overlong UTF-8 sequence',
    Uint8Array.from([...Buffer.from('{"title":"'), 0xc0, 0xaf, ...Buffer.from('"}')]),
    'body',
  ],
  ['half a million brackets', '['.repeat(500_000), 'body'],
  [
    'half a million brackets in data',
    `{"to":"all","type":"m","title":"x","data":${'['.repeat(250_000)}${']'.repeat(250_000)}}`,
    'data',
  ],
  [
    'the same with an escape',
    `{"to":"all","type":"m","title":"\\u0041","data":${'['.repeat(250_000)}${']'.repeat(250_000)}}`,
    'data',
  ],
  ['__proto__', '{"to":"all","type":"m","title":"x","__proto__":{"a":1}}', '__proto__'],
  [
    '__proto__ in its subject',
    '{"to":"all","type":"m","title":"x","subject":{"kind":"a","id":"b","__proto__":{}}}',
    'subject.__proto__',
  ],
];

/** Bad input: the documented problem, the field and the mend; and nothing has been done. */
export function badInputContract(newWorld: NewWorld): void {
  describe('bad input', () => {
    it.each(BAD)('refuses %s, and sends nothing', async (_, body, field) => {
      const world = newWorld();
      const sent = await world.send('user:ada');
      expectProblem(await world.service.post('/v1/notifications', body), 'invalid', field);
      const batch = { notifications: [GOOD, body] };
      expectProblem(await world.service.post('/v1/notifications/batch', batch), 'invalid', `notifications.1.${field}`);
      expect(await world.sentIds()).toEqual([sent.id]);
    });

    it.each(RAW)('refuses %s in place of a body, and sends nothing', async (_, raw, field) => {
      const world = newWorld();
      expectProblem(await world.service.post('/v1/notifications', undefined, { raw }), 'invalid', field);
      expect(await world.sentIds()).toEqual([]);
    });

    it('says what is wrong with to in one sentence that fits', async () => {
      const { service } = newWorld();
      const many = Array.from({ length: 101 }, (_, n) => `user:${n}`);
      for (const [to, detail] of [
        [many, 'to is too long: at most 100 channels.'],
        [[], 'to must name a channel.'],
        [5, 'to must be a channel or a list of channels: user:<id>, all, role:<name> or topic:<name>.'],
        [['all', 7], 'to.1 must be a channel: user:<id>, all, role:<name> or topic:<name>.'],
      ]) {
        expect((await service.post('/v1/notifications', { ...GOOD, to })).body).toMatchObject({ detail });
      }
    });

    it('refuses 1,001 items in a batch, and none at all', async () => {
      const world = newWorld();
      for (const length of [1_001, 0]) {
        const notifications = Array.from({ length }, () => GOOD);
        expectProblem(
          await world.service.post('/v1/notifications/batch', { notifications }),
          'invalid',
          'notifications',
        );
      }
      expect(await world.sentIds()).toEqual([]);
    });

    it('refuses a body over its limit with 413, told by its length or found while reading', async () => {
      const world = newWorld();
      const big = JSON.stringify({ ...GOOD, body: 'x'.repeat(1_048_576) });
      for (const raw of [big, chunked(big)]) {
        expectProblem(await world.service.post('/v1/notifications', undefined, { raw }), 'too_large', 'body');
      }
      const bigger = 'x'.repeat(16_777_217);
      for (const raw of [bigger, chunked(bigger)]) {
        expectProblem(await world.service.post('/v1/notifications/batch', undefined, { raw }), 'too_large', 'body');
      }
      expect(await world.sentIds()).toEqual([]);
    });

    it('refuses a body that is compressed with 415, whatever by, and takes one that says it is as it was written', async () => {
      const world = newWorld();
      const raw = gzipSync(JSON.stringify(GOOD));
      for (const encoding of ['gzip', 'br', 'identity, gzip']) {
        const answer = await world.service.post('/v1/notifications', GOOD, {
          raw,
          headers: { 'content-encoding': encoding },
        });
        expectProblem(answer, 'unsupported', 'Content-Encoding');
      }
      expect(await world.sentIds()).toEqual([]);
      const plain = await world.service.post('/v1/notifications', GOOD, {
        headers: { 'content-encoding': 'identity' },
      });
      expect(plain.status).toBe(201);
    });

    it('takes a batch of 16 MB less a little', async () => {
      const world = newWorld();
      const notifications = Array.from({ length: 1_000 }, () => ({ ...GOOD, data: 'x'.repeat(16_000) }));
      expect((await world.service.post('/v1/notifications/batch', { notifications })).status).toBe(201);
    });

    it.each([
      ['{}', 'body'],
      ['{"title":""}', 'title'],
      ['{"to":"all"}', 'to'],
      ['{"type":"x"}', 'type'],
      ['{"dedupeKey":"x"}', 'dedupeKey'],
      ['{"expiresAt":"2001-01-01T00:00:00Z"}', 'expiresAt'],
      ['{"actionUrl":"javascript:1"}', 'actionUrl'],
      ['{"icon":"javascript:1"}', 'icon'],
      ['{"title":null}', 'title'],
      ['{"severity":null}', 'severity'],
    ])('refuses an edit of %s, and changes nothing', async (raw, field) => {
      const world = newWorld();
      const sent = await world.send('user:ada');
      const path = `/v1/notifications/${sent.id}`;
      expectProblem(await world.service.call('PATCH', path, undefined, { raw }), 'invalid', field);
      expect((await world.service.get(path)).body).toEqual(sent);
    });

    it.each([
      ['/v1/inbox/marks', { ids: [], mark: 'read' }, 'ids'],
      ['/v1/inbox/marks', { ids: Array.from({ length: 1_001 }, (_, n) => `${n}`), mark: 'read' }, 'ids'],
      ['/v1/inbox/marks', { ids: ['x'], mark: 'eaten' }, 'mark'],
      ['/v1/inbox/marks', { ids: [7], mark: 'read' }, 'ids.0'],
      ['/v1/inbox/marks', { ids: ['x'], mark: 'read', nope: 1 }, 'nope'],
      ['/v1/inbox/read-all', { upTo: 7 }, 'upTo'],
      ['/v1/inbox/read-all', { types: 'a b' }, 'types'],
      ['/v1/inbox/read-all', { types: 7 }, 'types'],
      ['/v1/inbox/read-all', { types: ['a', 7] }, 'types.1'],
      ['/v1/inbox/read-all', { types: [] }, 'types'],
      ['/v1/inbox/read-all', { channels: 'all' }, 'channels'],
      ['/v1/inbox/read-all', { channels: ['no channel'] }, 'channels.0'],
      ['/v1/inbox/read-all', { channels: [] }, 'channels'],
      ['/v1/inbox/read-all', { nope: 1 }, 'nope'],
      ['/v1/inbox/seen-all', [], 'body'],
    ])('refuses POST %s with %j', async (path, body, field) => {
      const world = newWorld();
      await world.send('user:ada');
      const ada = await world.person('ada');
      expectProblem(await ada.post(path, body), 'invalid', field);
      expect((await ada.get('/v1/inbox/count')).body).toEqual({ unread: 1, unseen: 1 });
    });

    it.each([
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['limit=ten', 'limit'],
      ['limit=', 'limit'],
      ['cursor=garbage', 'cursor'],
      ['cursor=zzz-1-abcd', 'cursor'],
      ['cursor=', 'cursor'],
      ['types=a%20b', 'types'],
      ['severity=fatal', 'severity'],
      ['subject=story', 'subject'],
      ['nope=1', 'nope'],
      ['__proto__=1', '__proto__'],
    ])('refuses ?%s of a list', async (query, field) => {
      const world = newWorld();
      const ada = await world.person('ada');
      expectProblem(await ada.get(`/v1/inbox?${query}`), 'invalid', field);
      expectProblem(await world.service.get(`/v1/notifications?${query}`), 'invalid', field);
    });

    it.each([
      ['{"name":"","scopes":["read"]}', 'name'],
      ['{"name":"x","scopes":[]}', 'scopes'],
      ['{"name":"x","scopes":["root"]}', 'scopes.0'],
      ['{"name":"x","scopes":["read"],"tenant":"a/b"}', 'tenant'],
      ['{"name":"x","scopes":["read"],"nope":1}', 'nope'],
    ])('refuses a key of %s', async (raw, field) => {
      expectProblem(await newWorld().service.post('/v1/admin/keys', undefined, { raw }), 'invalid', field);
    });

    it('answers 404 for ids that are none of ours, however they look', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      for (const id of ['x', '%00', '%ff', '..%2f..', "'--", '0'.repeat(5_000), '%E2%80%A8', '__proto__', '*']) {
        expectProblem(await world.service.get(`/v1/notifications/${id}`), 'not_found');
        expectProblem(await world.service.delete(`/v1/notifications/${id}`), 'not_found');
        expectProblem(await ada.get(`/v1/inbox/${id}`), 'not_found');
        expectProblem(await ada.post(`/v1/inbox/${id}/read`), 'not_found');
      }
    });

    it('answers 404 for paths and methods that are not there', async () => {
      const { service } = newWorld();
      for (const [method, path] of [
        ['GET', '/v1'],
        ['GET', '/v1/nope'],
        ['GET', '/v2/inbox'],
        ['PUT', '/v1/notifications'],
        ['DELETE', '/v1/inbox'],
        ['POST', '/v1/stream'],
        ['GET', '/v1/notifications/'],
      ] as const) {
        expectProblem(await service.call(method, path), 'not_found');
      }
    });
  });

  describe('the order of refusals', () => {
    const big = `{"title":"${'x'.repeat(1_100_000)}"}`;

    it('is 401 before all else', async () => {
      const { anyone } = newWorld();
      expectProblem(await anyone.post('/v1/notifications/batch', undefined, { raw: big }), 'unauthenticated');
      expectProblem(await anyone.post('/v1/inbox/nope/read', undefined, { raw: 'junk' }), 'unauthenticated');
      expectProblem(await anyone.get('/v1/stream?wait=junk&channels=user:ben'), 'unauthenticated');
    });

    it('is 403 before 413, 400 and 404', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      expectProblem(await ada.post('/v1/events', undefined, { raw: big }), 'forbidden');
      expectProblem(await ada.post('/v1/events', undefined, { raw: 'junk' }), 'forbidden');
      expectProblem(await ada.get('/v1/notifications?limit=junk'), 'forbidden');
      expectProblem(await ada.get('/v1/notifications/nope'), 'forbidden');
      expectProblem(await ada.get('/v1/stream?wait=junk&channels=user:ben'), 'forbidden', 'channels');
      expectProblem(await world.service.post('/v1/inbox/nope/read'), 'forbidden');
      for (const to of ['user:ben', ['user:ada', 'all'], ['user:ben', 'nope']]) {
        expectProblem(await ada.post('/v1/notifications', { to, title: '', nope: 1 }), 'forbidden', 'to');
        expectProblem(await ada.post('/v1/notifications?nope=1', { ...GOOD, to }), 'forbidden', 'to');
      }
      const bound = world.keyed((await world.key(['admin', 'read'], world.tenant)).secret);
      expectProblem(await bound.post('/v1/admin/keys', { nope: 1 }), 'forbidden');
      expectProblem(await bound.post('/v1/admin/keys', undefined, { raw: big }), 'forbidden');
      for (const name of ['other', 'a/b', ' -x']) {
        const astray = bound.with({ 'belfry-tenant': name });
        expectProblem(await astray.get('/v1/notifications?nope=1'), 'forbidden', 'Belfry-Tenant');
      }
    });

    it('is 413 before 400 and 404', async () => {
      const world = newWorld();
      expectProblem(await world.service.patch('/v1/notifications/nope', big), 'too_large', 'body');
      expectProblem(await world.service.post('/v1/notifications', undefined, { raw: `{${big}` }), 'too_large', 'body');
    });

    it('is 400 before 404 and 409', async () => {
      const world = newWorld();
      expectProblem(await world.service.patch('/v1/notifications/nope', { nope: 1 }), 'invalid', 'nope');
      const headers = { 'idempotency-key': 'k' };
      await world.service.post('/v1/notifications', GOOD, { headers });
      expectProblem(
        await world.service.post('/v1/notifications', { ...GOOD, nope: 1 }, { headers }),
        'invalid',
        'nope',
      );
    });
  });
}

/** The same without a Content-Length. */
function chunked(text: string): ReadableStream {
  return new Blob([text]).stream();
}
