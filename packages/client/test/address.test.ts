import { expect, test } from 'vitest';
import { createBelfry, openStream } from '../src/index.ts';
import { createPublisher, RequestError } from '../src/publisher/index.ts';
import { ManualEnvironment } from './support/manual-environment.ts';
import { Reader } from './support/reader.ts';
import { afterTest, ScriptedServer, startServer } from './support/scripted-server.ts';

const MAKERS = [
  ['createBelfry', (url: string) => createBelfry({ url })],
  ['openStream', (url: string) => openStream({ url })],
  ['createPublisher', (url: string) => createPublisher({ url, apiKey: 'k' })],
] as const;

test.each([
  [undefined, /^url is missing/],
  ['127.0.0.1:4642', /must start with http.*Did you mean http:\/\/127\.0\.0\.1:4642\?/],
  ['localhost:4400', /Did you mean http:\/\/localhost:4400\?/],
  ['belfry.example/x', /Did you mean http:\/\/belfry\.example\/x\?/],
  ['ftp://belfry.example', /must start with http[^?]*$/],
  ['//belfry.example', /must start with http/],
  ['http://', /must start with http/],
  ['http:///x', /must start with http/],
  ['http://a b', /must start with http/],
  ['https://belfry.example/v1', /without \/v1/],
  ['https://belfry.example/v1/', /without \/v1/],
  ['/belfry/v1', /without \/v1/],
  ['https://belfry.example?tenant=x', /\? or a #/],
  ['https://ada:hunter2@belfry.example', /^(?!.*hunter2).*password/],
] as [string, RegExp][])('the url %j is refused when a client is made, in one line that names it', (url, message) => {
  for (const [maker, make] of MAKERS) {
    const error = caught(() => make(url));
    expect(error, maker).toMatchObject({ code: 'invalid', field: 'url', message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('\n');
  }
});

test.each(['https://belfry.example', 'HTTP://127.0.0.1:4400/', 'http://[::1]:4400/belfry', '/belfry', '/'])(
  'the url %j is taken',
  (url) => {
    for (const [, make] of MAKERS) expect(() => make(url)).not.toThrow();
  },
);

test('an empty url is the root of the page, and for a publisher none', () => {
  expect(() => createBelfry({ url: '' })).not.toThrow();
  expect(() => createPublisher({ url: '', apiKey: 'k' })).toThrow('url is missing');
});

test.each([undefined, ''])('a publisher with the key %j says so when it is made', (apiKey) => {
  const make = (): unknown => createPublisher({ url: 'http://127.0.0.1:1', apiKey: apiKey as string });
  expect(make).toThrow('apiKey is missing: is BELFRY_API_KEY set?');
});

test('a path where there is no page is told at once, and not repeated', async () => {
  const environment = new ManualEnvironment();
  const publisher = createPublisher({ url: '/belfry', apiKey: 'k', environment });
  const error: unknown = await publisher
    .notify({ to: 'all', type: 't', title: 'x' })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({ code: 'invalid', message: expect.stringMatching(/^url is "\/belfry".*whole address/) });
  expect(environment.waits).toEqual([]);
  const reader = new Reader(new ScriptedServer(1), { url: '/belfry' });
  await reader.sees(() => reader.errors.length === 1);
  expect(reader.status.reason).toBe('refused');
});

test('where nobody answers, the error names the address and the cause', async () => {
  const server = await startServer();
  const reader = new Reader(server, { url: 'http://127.0.0.1:1/belfry/' });
  afterTest(() => reader.stream.stop());
  await reader.sees(() => reader.errors.length === 1);
  expect(reader.errors[0]?.message).toMatch(/^Belfry at http:\/\/127\.0\.0\.1:1\/belfry could not be reached \(.+\)/);
});

test.each([
  [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), '(ECONNREFUSED)'],
  [undefined, '(fetch failed)'],
])('the cause is what Node says, or what the error says: %s', async (cause, shown) => {
  const fetch = (): Promise<never> => Promise.reject(new TypeError('fetch failed', { cause }));
  const publisher = createPublisher({ url: 'http://belfry.example', apiKey: 'k', retryForMs: 0, fetch });
  const sent = publisher.notify({ to: 'all', type: 't', title: 'x' });
  await expect(sent).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(shown) });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('It was not refused.');
}
