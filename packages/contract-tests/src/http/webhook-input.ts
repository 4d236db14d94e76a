import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import type { NewWorld } from './support/worlds.ts';

const URL_OK = 'https://hooks.example/belfry';
const base64 = (bytes: number) => Buffer.alloc(bytes, 5).toString('base64');

const BAD: [string, Record<string, unknown>, string][] = [
  ['no address', { events: ['*'] }, 'url'],
  ['an address that is none', { url: 'hooks', events: ['*'] }, 'url'],
  ['a path', { url: '/hooks', events: ['*'] }, 'url'],
  ['a file', { url: 'file:///etc/passwd', events: ['*'] }, 'url'],
  ['another scheme', { url: 'gopher://hooks.example/', events: ['*'] }, 'url'],
  ['a password in the address', { url: 'https://a:b@hooks.example/', events: ['*'] }, 'url'],
  ['a user in the address', { url: 'https://a@hooks.example/', events: ['*'] }, 'url'],
  ['a line break in the address', { url: 'https://hooks.example/\r\nx: y', events: ['*'] }, 'url'],
  ['an address of 2,001 characters', { url: `https://hooks.example/${'x'.repeat(1_979)}`, events: ['*'] }, 'url'],
  ['no events', { url: URL_OK }, 'events'],
  ['an empty list of events', { url: URL_OK, events: [] }, 'events'],
  ['events as text', { url: URL_OK, events: '*' }, 'events'],
  ['an event type that is none', { url: URL_OK, events: ['ok', 'a b'] }, 'events.1'],
  ['an event type in capitals', { url: URL_OK, events: ['Foo'] }, 'events.0'],
  [
    'an event of Belfry’s own that there is none of',
    { url: URL_OK, events: ['question.*', 'question.nope'] },
    'events.1',
  ],
  ['a family that there is none of', { url: URL_OK, events: ['run.log*'] }, 'events.0'],
  ['the port 0', { url: 'http://hooks.example:0/', events: ['*'] }, 'url'],
  ['51 events', { url: URL_OK, events: Array.from({ length: 51 }, (_, n) => `e${n}`) }, 'events'],
  ['a secret without its prefix', { url: URL_OK, events: ['*'], secret: base64(32) }, 'secret'],
  ['a secret of 23 bytes', { url: URL_OK, events: ['*'], secret: `whsec_${base64(23)}` }, 'secret'],
  ['a secret of 65 bytes', { url: URL_OK, events: ['*'], secret: `whsec_${base64(65)}` }, 'secret'],
  ['a secret that is not base64', { url: URL_OK, events: ['*'], secret: `whsec_${'-'.repeat(40)}` }, 'secret'],
  ['an unknown field', { url: URL_OK, events: ['*'], method: 'PUT' }, 'method'],
];

/** Addresses of the machine itself and of the network around it, as people and attackers write them. */
const PRIVATE = [
  'http://127.0.0.1/',
  'http://127.1:8080/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://localhost/',
  'http://LOCALHOST.:80/',
  'http://app.localhost/',
  'http://0.0.0.0/',
  'http://0/',
  'http://10.1.2.3/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.64.0.1/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[fe80::1]/',
  'http://[fd00::1]/',
  'http://[ff02::1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://１２７.０.０.１/',
];

/** On a server as it is set up by default: it sends to the internet only. */
export function webhookInputContract(newWorld: NewWorld): void {
  describe('a webhook that won’t do', () => {
    it.each(BAD)('is refused and named: %s', async (_, body, field) => {
      const world = newWorld();
      expectProblem(await world.service.post('/v1/webhooks', body), 'invalid', field);
      expect((await world.service.get('/v1/webhooks')).body).toEqual({ items: [] });
    });

    it('is refused where it points at a private address, however that is written', async () => {
      const world = newWorld();
      for (const url of PRIVATE) {
        const answer = await world.service.post('/v1/webhooks', { url, events: ['*'] });
        expect([url, answer.status]).toEqual([url, 400]);
        expectProblem(answer, 'invalid', 'url');
      }
      expect((await world.service.get('/v1/webhooks')).body).toEqual({ items: [] });
    });

    it('is the business of keys with the scope admin, which may be bound to the tenant', async () => {
      const world = newWorld();
      const { secret } = await world.key(['admin'], world.tenant);
      const made = await world.keyed(secret).post('/v1/webhooks', { url: URL_OK, events: ['none'] });
      expect(made.status).toBe(201);
      const others = [world.keyed((await world.key(['publish', 'read'])).secret), await world.person('ada')];
      const { id } = made.body as { id: string };
      for (const other of others) {
        expectProblem(await other.post('/v1/webhooks', { url: URL_OK, events: ['*'] }), 'forbidden');
        expectProblem(await other.get('/v1/webhooks'), 'forbidden');
        expectProblem(await other.get(`/v1/webhooks/${id}/deliveries`), 'forbidden');
        expectProblem(await other.post(`/v1/webhooks/${id}/redrive`), 'forbidden');
        expectProblem(await other.delete(`/v1/webhooks/${id}`), 'forbidden');
      }
    });

    it('has no deliveries of a status or at a cursor that there is none of', async () => {
      const world = newWorld();
      const made = await world.service.post('/v1/webhooks', { url: URL_OK, events: ['none'] });
      const path = `/v1/webhooks/${(made.body as { id: string }).id}/deliveries`;
      expectProblem(await world.service.get(`${path}?status=lost`), 'invalid', 'status');
      for (const cursor of ['', 'x', '-1', '0', '1e3', '9'.repeat(16)]) {
        expectProblem(await world.service.get(`${path}?cursor=${cursor}`), 'invalid', 'cursor');
      }
      expectProblem(await world.service.post(`${path}/nope/redrive`), 'not_found');
      expectProblem(await world.service.post('/v1/webhooks/nope/rotate', {}), 'not_found');
    });
  });
}
