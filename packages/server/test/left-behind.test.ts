import { collect, oldKb } from '@belfry/contract-tests/old-space';
import type { Service } from '@belfry/core';
import { expect, it } from 'vitest';
import { service } from '../src/http/access.ts';
import type { ApiRequest } from '../src/http/request.ts';
import { type Route, route, type Services } from '../src/http/route.ts';

const CALLER: Service = { kind: 'service', tenant: 'acme', key: 'test', scopes: ['publish'], tenants: 'all' };

/** Each with 2 kB of its own. */
function request(): ApiRequest {
  const large = Array.from({ length: 250 }, (_, index) => index + 0.5);
  return {
    id: 'test',
    method: 'POST',
    pathname: '/v1/things/7',
    headers: { get: () => null, has: () => false },
    query: () => ({}),
    param: () => String(large.length),
    signal: new AbortController().signal,
    readBody: async () => Buffer.alloc(0),
  };
}

/** Now and then V8 collects what is young while one of them is under way. */
async function call(one: Route, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    const answered = one.run(request(), CALLER, {} as Services);
    if (count % 10 === 0) collect({ type: 'minor' });
    await answered;
  }
}

it('a request leaves nothing behind that only a full collection finds', async () => {
  const one = route({
    method: 'POST',
    path: '/v1/things/{id}',
    summary: 'For the test.',
    tag: 'Things',
    access: service('publish'),
    answer: { status: 201, description: 'Done' },
    handle: async ({ param }) => ({ status: 201, body: { length: param('id') } }),
  });
  await call(one, 500);
  collect({ type: 'major' });
  const before = oldKb();
  await call(one, 2_000);
  // All of their arrays together are 4,000 kB.
  expect(oldKb() - before).toBeLessThan(1_000);
});
