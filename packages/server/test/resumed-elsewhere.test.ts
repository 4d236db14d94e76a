import { StreamReader } from '@belfry/contract-tests/http';
import { createCore } from '@belfry/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { API_KEY, startServer, type TestServer } from './support/start.ts';

const TENANT = 'acme';
let test: TestServer;

beforeEach(async () => {
  test = await startServer();
});
afterEach(() => test.stop());

/** Writes to the same database, and nobody tells the server. */
const elsewhere = () => createCore({ store: test.store, clock: { now: () => Date.now() }, announce: () => {} });

it('who goes on from further than the server has heard holds what is held there, and nothing that was taken', async () => {
  await grant('topic:x');
  const headers = { authorization: `Bearer ${await test.tokenFor({ sub: 'ada', tenant: TENANT })}` };
  const open = async (more: object = {}) =>
    (await StreamReader.open(`${test.url}/v1/stream`, { headers: { ...headers, ...more } })).live();
  const before = await open();
  expect(await channelsOf(before)).toContain('topic:x');

  await elsewhere().memberships.revoke(TENANT, 'ada', 'topic:x');
  const { value } = await elsewhere().events.publish(TENANT, { to: ['user:ada'], type: 'app.there', data: null });
  const after = await open({ 'last-event-id': value.cursor });
  expect(await after.frame('connected')).toMatchObject({ resumed: true });
  expect(await channelsOf(after)).not.toContain('topic:x');
  await Promise.all([before, after].map((stream) => stream.close()));
});

async function grant(channel: string): Promise<void> {
  const headers = {
    authorization: `Bearer ${API_KEY}`,
    'belfry-tenant': TENANT,
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ channel, user: 'ada' });
  expect((await fetch(`${test.url}/v1/memberships`, { method: 'PUT', headers, body })).status).toBe(204);
}

async function channelsOf(stream: StreamReader): Promise<string[]> {
  return (await stream.frame<{ channels: string[] }>('connected')).channels;
}
