import { problemShape } from '@belfry/protocol/schemas';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Caller } from './support/caller.ts';
import { type Call, callsOf } from './support/calls.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });

/** Things that get further than pure noise does. */
const tempting = fc.constantFrom(
  'user:ada',
  'all',
  'm',
  'a.b',
  'read',
  '0',
  '-1',
  '1e9',
  'null',
  '__proto__',
  'constructor',
  '*',
  '%00',
  '2031-01-01T00:00:00Z',
);

const fieldName = fc.oneof(
  fc.constantFrom(
    'to',
    'type',
    'title',
    'body',
    'data',
    'actions',
    'actor',
    'subject',
    'severity',
    'expiresAt',
    'dedupeKey',
  ),
  fc.constantFrom('notifications', 'ids', 'mark', 'upTo', 'types', 'device', 'cursor', 'name', 'scopes', 'tenant'),
  text,
);

const value = fc.oneof(tempting, text, fc.jsonValue(), fc.array(tempting, { maxLength: 3 }));

const junkBody = fc.oneof(
  fc.dictionary(fieldName, value, { maxKeys: 6 }).map((body) => JSON.stringify(body)),
  fc.json(),
  fc.uint8Array({ maxLength: 60 }),
  text,
);

const junkQuery = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'limit',
      'cursor',
      'types',
      'severity',
      'subject',
      'filter',
      'to',
      'channels',
      'events',
      'state',
      'device',
      'access',
      'lastEventId',
    ),
    text,
  ),
  fc.oneof(tempting, text),
  { maxKeys: 3 },
);

// What a client library lets through: visible Latin-1.
const headerText = fc.stringMatching(/^[\x21-\x7e\xa1-\xff]([\x20-\x7e\xa1-\xff]{0,30}[\x21-\x7e\xa1-\xff])?$/);

const junkHeaders = fc.dictionary(
  fc.constantFrom(
    'idempotency-key',
    'last-event-id',
    'x-request-id',
    'content-type',
    'accept',
    'origin',
    'sec-fetch-site',
    'cookie',
    'belfry-tenant',
    'authorization',
    'if-match',
    'range',
  ),
  headerText,
  { maxKeys: 2 },
);

/** Whatever is sent: never a 5xx, and every refusal is a problem. */
export function fuzzContract(newWorld: NewWorld): void {
  describe('junk', () => {
    let world: World;
    let calls: Call[];
    let callers: Caller[];

    beforeAll(async () => {
      world = newWorld();
      await world.send(['user:ada', 'all']);
      callers = [world.service, await world.person('ada'), world.anyone];
      // A stream would stay open: it is asked for as a poll.
      calls = (await callsOf(world)).map((call) =>
        call.path === '/v1/stream' ? { ...call, path: '/v1/stream?wait=0' } : call,
      );
    });

    it('in bodies, queries, paths and headers never makes a 5xx, and refusals are problems', async () => {
      const request = fc.record({
        call: fc.nat(),
        caller: fc.nat(),
        id: fc.oneof(fc.constant('x'), text),
        body: junkBody,
        query: junkQuery,
        headers: junkHeaders,
      });
      await fc.assert(
        fc.asyncProperty(request, async ({ call, caller, id, body, query, headers }) => {
          const { method, path } = calls[call % calls.length] as Call;
          const search = new URLSearchParams(query).toString();
          const url = path.replace('{id}', () => encodeURIComponent(id.toWellFormed()) || 'x');
          const full = `${url}${url.includes('?') ? '&' : '?'}${search}`;
          const raw = method === 'GET' ? {} : { raw: body as BodyInit };
          const answer = await (callers[caller % 3] as Caller).call(method, full, undefined, { headers, ...raw });
          expectTold(answer);
        }),
        // Behind a front it is the same server.
        { numRuns: world.harness.processes === undefined ? 1_000 : 300, interruptAfterTimeLimit: 12_000 },
      );
    });
  });
}

function expectTold({ status, headers, body }: Answer): void {
  expect(status, JSON.stringify(body)).toBeLessThan(500);
  if (status < 400) return;
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(problemShape.strict().parse(body).status).toBe(status);
}
