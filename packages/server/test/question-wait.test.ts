import { Caller } from '@belfry/contract-tests/http';
import type { Question } from '@belfry/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { API_KEY, SECRET, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

const ROOT = { kind: 'service', key: 'test', scopes: ['publish'], tenants: 'all' } as const;
const BODY = { to: ['all', 'topic:p/1'], message: 'Ship it?', options: ['yes', 'no'] };

/** What a wait on a question costs, and what ends it. The polls that the hub counts show that it waits. */
describe('a wait on a question', () => {
  let test: TestServer;
  let service: Caller;
  let ada: Caller;
  beforeEach(async () => {
    test = await startServer();
    service = new Caller(test.url, { authorization: `Bearer ${API_KEY}` });
    ada = new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` });
  });
  afterEach(() => test.stop());

  const ask = async (): Promise<Question> => (await service.post('/v1/questions', BODY)).body as Question;
  const polls = (count: number) => until(() => test.server.hub.stats.polls === count, `${count} waits`);
  const waitOn = ({ id }: Question, caller = service) => caller.get(`/v1/questions/${id}?wait=60`);
  const answer = ({ id }: Question) =>
    ada.post(`/v1/questions/${id}/answer`, { action: 'accept', content: { value: 'yes' } });

  it('is woken by the answer, and leaves nothing behind', async () => {
    const asked = await ask();
    const waits = [waitOn(asked), waitOn(asked, ada)];
    await polls(2);
    const answered = await answer(asked);
    for (const waited of await Promise.all(waits)) expect(waited.body).toEqual(answered.body);
    expect(test.server.hub.stats.polls).toBe(0);
  });

  it('reads nothing for other events, and other questions, of its channel', async () => {
    const asked = await ask();
    const read = vi.spyOn(test.store, 'read');
    const looks = () => read.mock.calls.filter(([name]) => name === 'question').length;
    const waited = waitOn(asked);
    await until(() => looks() === 2, 'the look before the wait, and the first of it');
    for (let n = 0; n < 20; n += 1) await service.post('/v1/events', { to: 'all', type: 'app.tick', data: asked.id });
    await answer(await ask());
    expect(looks()).toBe(2);
    await answer(asked);
    await waited;
    expect(looks()).toBe(3);
  });

  it('ends with its client, through both doors', async () => {
    const asked = await ask();
    const headers = { authorization: `Bearer ${API_KEY}` };
    const url = `${test.url}/v1/questions/${asked.id}?wait=60`;
    const abort = new AbortController();
    const gone = fetch(url, { headers, signal: abort.signal }).catch(() => 'gone');
    // By an address that only the other door takes.
    const alsoGone = fetch(url.replace(asked.id, asked.id.replace('-', '%2D')), {
      headers,
      signal: abort.signal,
    }).catch(() => 'gone');
    await polls(2);
    abort.abort();
    expect(await Promise.all([gone, alsoGone])).toEqual(['gone', 'gone']);
    await polls(0);
  });

  it('ends with the process, and answers with what there is', async () => {
    const asked = await ask();
    const waited = waitOn(asked);
    await polls(1);
    const drained = test.server.hub.drain(0);
    expect(await waited).toMatchObject({ status: 200, body: asked });
    await drained;
    expect((await waitOn(asked)).status).toBe(503);
  });

  it('does not show the answer to whom the app has taken the access from meanwhile', async () => {
    const channels = ['topic:p/1'];
    const holds = new Map([['ada', channels]]);
    const one = await startServer({
      auth: { jwt: { secret: SECRET }, apiKey: API_KEY },
      access: ({ user }) => ({ roles: [], channels: holds.get(user) ?? [] }),
    });
    const asked = await one.server.ask({ to: 'topic:p/1', message: 'Ship it?' });
    const person = new Caller(one.url, { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` });
    const waited = waitOn(asked, person);
    await until(() => one.server.hub.stats.polls === 1, 'the wait');
    holds.delete('ada');
    await one.server.invalidate('ada');
    await one.server.core.questions.cancel({ ...ROOT, tenant: 'default' }, asked.id);
    expect((await waited).status).toBe(404);
    await one.stop();
  });
});
