import type { Principal } from '@belfry/core';
import { describe, expect, it } from 'vitest';
import type { Reply } from '../src/http/reply.ts';
import type { ApiRequest } from '../src/http/request.ts';
import type { Services } from '../src/http/route.ts';
import { notificationRoutes } from '../src/routes/notifications.ts';

const service = { kind: 'service', tenant: 'acme', scopes: ['publish'] } as unknown as Principal;

/** Of what was published the text is at hand, and to make the object of it is to fail. */
const published = {
  replayed: false,
  json: ['[', '1,2', ']'],
  get value() {
    throw new Error('The object was asked for.');
  },
};
const publish = async () => published;
const services = { core: { notifications: { publish, publishBatch: publish } } } as unknown as Services;

function answerOf(path: string, body: object) {
  const route = notificationRoutes.find((one) => one.method === 'POST' && one.path === path);
  const request = {
    id: 'r1',
    headers: new Headers(),
    query: () => ({}),
    readBody: async () => Buffer.from(JSON.stringify(body)),
  } as unknown as ApiRequest;
  return route?.run(request, service, services);
}

/** As it is sent: its pieces one after the other. */
function textOf(reply: Reply | undefined): string {
  return [reply?.body ?? []].flat().join('');
}

describe('The answer to a publish', () => {
  const one = { to: 'all', type: 'deploy', title: 'Live' };

  it('is the text that the log has of it, of which no object is made', async () => {
    expect(textOf(await answerOf('/v1/notifications', one))).toBe('[1,2]');
  });

  it('is so of a batch too', async () => {
    const answer = await answerOf('/v1/notifications/batch', { notifications: [one] });
    expect(textOf(answer)).toBe('{"notifications":[1,2]}');
  });
});
