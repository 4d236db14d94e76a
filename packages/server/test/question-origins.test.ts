import { Caller } from '@belfry/contract-tests/http';
import type { Question } from '@belfry/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';

/** What a board with an agent that asks needs. The names are the lines of the list of what Belfry replaces. */
describe('origins: questions', () => {
  let test: TestServer;
  let agent: Caller;
  beforeAll(async () => {
    test = await startServer();
    agent = new Caller(test.url, { authorization: `Bearer ${API_KEY}` });
  });
  afterAll(() => test.stop());

  async function person(user: string, claims: Record<string, unknown> = {}): Promise<Caller> {
    return new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: user, ...claims })}` });
  }

  async function ask(caller: Caller, body: Record<string, unknown>): Promise<Question> {
    const answer = await caller.post('/v1/questions', { message: 'Which?', ...body });
    expect(answer.status).toBe(201);
    return answer.body as Question;
  }

  async function inState(caller: Caller): Promise<Question[]> {
    const stream = await caller.stream();
    const { questions } = await stream.frame<{ questions: Question[] }>('state');
    await stream.close();
    return questions;
  }

  const story = { kind: 'story', id: '1', code: 'S-1', title: 'Storage', url: '/stories/1' };
  const idea = { kind: 'idea', id: '9', code: 'I-9', title: 'A bell' };

  it('A1: a demo session sees the questions and may not answer them', async () => {
    const demo = await person('demo-1', { scope: 'read', channels: ['topic:demo'] });
    const asked = await ask(agent, { to: 'topic:demo' });
    expect(await inState(demo)).toEqual([asked]);
    expect((await demo.post(`/v1/questions/${asked.id}/answer`, { action: 'decline' })).status).toBe(403);
  });

  it('A2: questions on a story reach all of its product, those on an idea its owner only, never both', async () => {
    const products = { channels: ['topic:product/p1'] };
    const [owner, mate, other] = [
      await person('owner', products),
      await person('mate', products),
      await person('other'),
    ];
    const onStory = await ask(agent, { to: 'topic:product/p1', subject: story });
    const onIdea = await ask(agent, { to: 'user:owner', subject: idea });
    expect(await inState(owner)).toEqual([onIdea, onStory]);
    expect(await inState(mate)).toEqual([onStory]);
    expect(await inState(other)).toEqual([]);
    const both = { to: 'user:owner', subject: [story, idea], message: 'Which?' };
    expect((await agent.post('/v1/questions', both)).status).toBe(400);
    expect((await mate.post(`/v1/questions/${onIdea.id}/answer`, { action: 'decline' })).status).toBe(404);
    expect((await mate.get('/v1/questions?subject=story:1')).body).toMatchObject({ items: [{ id: onStory.id }] });
  });

  it('A3: state has open unexpired questions of both kinds, newest first, with all that a bell shows', async () => {
    const ada = await person('ada3', { channels: ['topic:product/p3'] });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const onStory = await ask(agent, {
      ...{ to: 'topic:product/p3', subject: story, assignee: 'ada3', options: ['a', 'b'], expiresAt },
      data: { productId: 'p3', taskId: 't1' },
    });
    const onIdea = await ask(agent, { to: 'user:ada3', subject: idea, description: 'More of it' });
    const answered = await ask(agent, { to: 'user:ada3', subject: idea });
    await ada.post(`/v1/questions/${answered.id}/answer`, { action: 'decline' });
    expect(await inState(ada)).toEqual([onIdea, onStory]);
    expect(onStory).toMatchObject({ subject: story, assignee: 'ada3', expiresAt, data: { taskId: 't1' } });
    expect(onStory.schema.properties.value).toMatchObject({ enum: ['a', 'b'] });
    expect(onIdea).toMatchObject({ subject: idea, assignee: null, expiresAt: null });
  });

  it('A3: state has what the person asked the agent in plan chat, pending and answered, and nobody else’s', async () => {
    const [ben, cleo] = [await person('ben3', { name: 'Ben' }), await person('cleo3')];
    const pending = await ask(ben, { message: 'Why so?', subject: story });
    const asked = await ask(ben, { message: 'And then?' });
    const answer = { action: 'accept', content: { value: 'Then the tests.' } };
    const answered = (await agent.post(`/v1/questions/${asked.id}/answer`, answer)).body;
    expect(await inState(ben)).toEqual([answered, pending]);
    expect(await inState(cleo)).toEqual([]);
  });

  it('A3: a question that lands while the stream opens is never lost, and comes once', async () => {
    const dan = await person('dan3');
    for (let round = 0; round < 10; round += 1) {
      const opening = dan.stream();
      const asking = ask(agent, { to: 'user:dan3' });
      const [stream, asked] = [await opening, await asking];
      await stream.live();
      const last = await ask(agent, { to: 'user:dan3' });
      await stream.block(({ data }) => data?.includes(last.id) === true, 'the last question');
      const state = await stream.frame<{ questions: Question[] }>('state');
      const came = [
        ...state.questions.map(({ id }) => id),
        ...stream.seen.map(({ data }) => (data.question as Question).id),
      ];
      expect(came.filter((id) => id === asked.id)).toHaveLength(1);
      expect(came.filter((id) => id === last.id)).toHaveLength(1);
      await stream.close();
    }
  });

  it('A4: plan-chat answers come to the one who asked, on whatever page, and to nobody else', async () => {
    const [eve, fay] = [await person('eve4'), await person('fay4')];
    const streams = [await (await eve.stream()).live(), await (await fay.stream()).live()] as const;
    const asked = await ask(eve, { message: 'Done?' });
    await agent.post(`/v1/questions/${asked.id}/answer`, { action: 'accept', content: { value: 'Yes' } });
    const types = (await streams[0].messages(2)).map(({ type }) => type);
    expect(types).toEqual(['question.opened', 'question.answered']);
    await agent.post('/v1/events', { to: 'all', type: 'app.last', data: null });
    expect((await streams[1].messages(1))[0]?.type).toBe('app.last');
    for (const stream of streams) await stream.close();
  });

  it('from the embedding app: belfry.ask asks with the same checks', async () => {
    const asked = await test.server.ask({ to: 'user:gil', message: 'Here?', options: ['yes'] });
    expect(await inState(await person('gil'))).toEqual([asked]);
    const wrong = test.server.ask({ to: 'user:gil', message: '' });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid', field: 'message' });
    expect((await test.server.ask({ to: 'all', message: 'x' }, { tenant: 'acme' })).status).toBe('open');
    expect(await inState(await person('gil'))).toEqual([asked]);
  });
});
