import { runInNewContext } from 'node:vm';
import { StreamReader } from '@belfry/contract-tests/http';
import type { Principal } from '@belfry/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { authenticator } from '../src/auth/authenticate.ts';
import { createDefaultResolver } from '../src/auth/default-resolver.ts';
import { RefusalLog } from '../src/http/refusal-log.ts';
import type { RequestHead } from '../src/http/request.ts';
import { SILENT } from '../src/log.ts';
import { Traffic } from '../src/metrics/traffic.ts';
import { handleStream } from '../src/routes/stream.ts';
import type { StreamCall } from '../src/stream/stream-call.ts';
import { WebSink } from '../src/stream/web-sink.ts';
import { SECRET, startServer, type TestServer, tokenFor } from './support/start.ts';

let test: TestServer;
let head: RequestHead;
let authenticate: () => Promise<Principal> | Principal;
/** Answered with `open` where it is a stream. */
let call: StreamCall<string>;

beforeEach(async () => {
  test = await startServer();
  const { core } = test.server;
  const authorization = `Bearer ${await tokenFor({ sub: 'ada' })}`;
  const first = await (await StreamReader.open(`${test.url}/v1/stream`, { headers: { authorization } })).live();
  const { value } = await core.events.publish('default', { to: ['user:ada'], type: 'app.there', data: null });
  head = { method: 'GET', headers: new Headers({ authorization, 'last-event-id': value.cursor }) };
  const resolve = authenticator(createDefaultResolver({ jwt: { secret: SECRET } }, core), []);
  authenticate = () => resolve(head);
  call = {
    ...head,
    query: () => ({}),
    run: '',
    signal: new AbortController().signal,
    stream: (open, onGone) => {
      open(new WebSink(() => {}), onGone);
      return 'open';
    },
    reply: ({ status }) => `${status}`,
  };
  await first.close();
});
afterEach(() => test.stop());

const ask = (who = authenticate) => {
  const { core, hub } = test.server;
  const told = { log: SILENT, refusals: new RefusalLog(SILENT), traffic: new Traffic() };
  return handleStream(call, { core, hub, compression: 'off', ...told }, who);
};

it('who is known and comes back is answered in the step in which they ask', async () => {
  const answer = ask();
  expect(answer).toBeInstanceOf(Promise);
  expect(await answer).toBe('open');
  expect(ask()).toBe('open');
});

it('who is known only later is waited for, also where an app gives a promise of another realm', async () => {
  const principal = await authenticate();
  const Elsewhere: PromiseConstructor = runInNewContext('Promise');
  const resolve = authenticator(() => Elsewhere.resolve(principal), []);
  expect(await resolve(head)).toEqual(principal);
});

it('who is refused then is refused in that step too, and by the same error', async () => {
  const gone = () => {
    throw new Error('gone');
  };
  expect(() => ask(gone)).toThrow('gone');
  await expect(ask(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
});
