import type { Run, StateFrame } from '@belfry/protocol';
import { type pageShape, questionShape } from '@belfry/protocol/schemas';
import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import { type Asked, answerIt, ask, questionEvent, questionsInState } from './support/questions.ts';
import { change, newRun } from './support/runs.ts';
import type { NewWorld } from './support/worlds.ts';

const EVERYTHING = {
  message: 'Which database?',
  description: '## Why\n\nBoth would *do*.',
  subject: { kind: 'story', id: '42', code: 'S-42', title: 'Storage', url: '/stories/42' },
  assignee: 'ada',
  data: { product: 'p1', task: 7 },
};

type Page = ReturnType<ReturnType<typeof pageShape<typeof questionShape>>['parse']>;

/** Asking and answering. */
export function questionsContract(newWorld: NewWorld): void {
  describe('POST /v1/questions', () => {
    it('answers 201 with all that was asked, and options as the schema that they stand for', async () => {
      const world = newWorld();
      const { service } = world;
      const { id: run } = await newRun(world, 'all');
      const options = ['a', { value: 'b', title: 'Plan B' }];
      const asked = await ask(service, { ...EVERYTHING, run, to: ['role:dev', 'user:ada'], options });
      const oneOf = [
        { const: 'a', title: 'a' },
        { const: 'b', title: 'Plan B' },
      ];
      expect(asked).toMatchObject({
        ...EVERYTHING,
        run,
        schema: { type: 'object', properties: { value: { type: 'string', oneOf } }, required: ['value'] },
        ...{ status: 'open', answerBy: 'person', askedBy: null, answer: null, expiresAt: null },
      });
      expect((await service.get(`/v1/questions/${asked.id}`)).body).toEqual(asked);
    });

    it('has the run it is about wait until it is answered, for all who see the run', async () => {
      const world = newWorld();
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const run = await newRun(world, 'user:ben');
      await change(world, run, { status: 'running' });
      const stream = await (await ben.stream()).live();
      const asked = await ask(world.service, { to: 'user:ada', run: run.id });
      await answerIt(ada, asked);
      const told = (await stream.messages(2)).map(({ data }) => (data as { run: Run }).run.status);
      expect(told).toEqual(['input_required', 'running']);
      await stream.close();
    });

    it('refuses a person a run that they do not see', async () => {
      const world = newWorld();
      const run = await newRun(world, 'user:ben');
      const body = { message: 'What does it wait for?', answerBy: 'service', run: run.id };
      expectProblem(await (await world.person('ada')).post('/v1/questions', body), 'invalid', 'run');
      expect((await (await world.person('ben')).post('/v1/questions', body)).status).toBe(201);
    });

    it('takes a schema as it is, and asks for plain text where there is neither', async () => {
      const { service } = newWorld();
      const schema = {
        type: 'object',
        properties: { when: { type: 'string', format: 'date' }, notify: { type: 'boolean', default: true } },
        required: ['when'],
      };
      expect((await ask(service, { to: 'all', options: undefined, schema })).schema).toEqual(schema);
      const plain = await ask(service, { to: 'all', options: null });
      expect(plain.schema.properties).toEqual({ value: { type: 'string', minLength: 1, maxLength: 4_000 } });
    });

    it('counts expiresInSeconds from when it is stored', async () => {
      const asked = await ask(newWorld().service, { to: 'all', expiresInSeconds: 90 });
      expect(Date.parse(asked.expiresAt as string) - Date.parse(asked.createdAt)).toBeLessThanOrEqual(90_000);
      expect(Date.parse(asked.expiresAt as string) - Date.parse(asked.createdAt)).toBeGreaterThan(85_000);
    });

    it('gives the first question again for the same Idempotency-Key', async () => {
      const world = newWorld();
      const body = { to: 'all', message: 'Once?', expiresInSeconds: 60 };
      const headers = { 'idempotency-key': 'k' };
      const first = await world.service.post('/v1/questions', body, { headers });
      const again = await world.service.post('/v1/questions', body, { headers });
      expect(again).toMatchObject({ status: 201, body: first.body });
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(((await world.service.get('/v1/questions')).body as Page).items).toHaveLength(1);
    });
  });

  describe('a question', () => {
    it('stands in the state of those asked, and its events come on open streams of all of them', async () => {
      const world = newWorld();
      const [ada, ben, cleo] = await Promise.all([
        world.person('ada', { roles: ['dev'], name: 'Ada' }),
        world.person('ben', { roles: ['dev'] }),
        world.person('cleo'),
      ]);
      const streams = [await ben.stream(), await world.service.stream(), await cleo.stream()] as const;
      for (const stream of streams) await stream.live();
      const asked = await ask(world.service, { to: 'role:dev', ...EVERYTHING });
      expect(await questionsInState(ada)).toEqual([asked]);
      expect(await questionsInState(cleo)).toEqual([]);
      const answered = await answerIt(ada, asked);
      expect(answered.status).toBe(200);
      const question = questionShape.strict().parse(answered.body);
      expect(question).toMatchObject({
        status: 'answered',
        answer: { action: 'accept', content: { value: 'yes' }, by: { user: 'ada', name: 'Ada' } },
      });
      for (const stream of streams.slice(0, 2)) {
        expect(await questionEvent(stream as (typeof streams)[0], 'question.opened', asked)).toEqual(asked);
        expect(await questionEvent(stream as (typeof streams)[0], 'question.answered', asked)).toEqual(question);
      }
      await world.emit('all', 'app.last');
      expect((await streams[2].messages(1))[0]?.type).toBe('app.last');
      expect(await questionsInState(ada)).toEqual([]);
      for (const stream of streams) await stream.close();
    });

    it('is answered once: the second gets 409 with the answer that was first', async () => {
      const world = newWorld();
      const asked = await ask(world.service, { to: 'all' });
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const first = (await answerIt(ada, asked)).body as Asked;
      const second = await answerIt(ben, asked, { value: 'no' });
      expectProblem(second, 'already_answered');
      expect(second.body).toMatchObject({ answer: first.answer });
      expect(((await ben.get(`/v1/questions/${asked.id}`)).body as Asked).answer).toEqual(first.answer);
    });

    it('can be declined, without content', async () => {
      const world = newWorld();
      const asked = await ask(world.service, { to: 'user:ada' });
      const ada = await world.person('ada');
      const answer = await ada.post(`/v1/questions/${asked.id}/answer`, { action: 'decline' });
      expect(answer.body).toMatchObject({ status: 'answered', answer: { action: 'decline', content: null } });
    });

    it('lets one of 20 who answer at the same time win, and tells each other one who did', async () => {
      const world = newWorld();
      const asked = await ask(world.service, { to: 'all' });
      const people = await Promise.all(Array.from({ length: 20 }, (_, n) => world.person(`p${n}`)));
      const answers = await Promise.all(
        people.map((caller, n) => answerIt(caller, asked, { value: n % 2 ? 'yes' : 'no' })),
      );
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      const { answer } = won.map(({ body }) => body as Asked)[0] as Asked;
      for (const other of answers.filter(({ status }) => status !== 200)) {
        expectProblem(other, 'already_answered');
        expect(other.body).toMatchObject({ answer });
      }
    });

    it('expires within a second of its time, on every stream, and takes no answer after', { retry: 2 }, async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      const asked = await ask(world.service, { to: 'all', expiresInSeconds: 1 });
      const expired = await questionEvent(stream, 'question.expired', asked);
      expect(expired).toEqual({ ...asked, status: 'expired' });
      const { time } = stream.seen.at(-1) as { time: string };
      expect(Date.parse(time) - Date.parse(asked.expiresAt as string)).toBeLessThan(1_000);
      expectProblem(await answerIt(ada, asked), 'expired');
      expectProblem(await world.service.post(`/v1/questions/${asked.id}/cancel`), 'expired');
      await stream.close();
    });

    it('is cancelled by its service, edited while it is open, and then is no longer', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      const asked = await ask(world.service, { to: 'user:ada' });
      const path = `/v1/questions/${asked.id}`;
      const edited = await world.service.patch(path, { message: 'Ship it today?', expiresInSeconds: 600 });
      expect(edited).toMatchObject({ status: 200, body: { message: 'Ship it today?', schema: asked.schema } });
      expect(await questionEvent(stream, 'question.updated', asked)).toEqual(edited.body);
      const cancelled = await world.service.post(`${path}/cancel`);
      expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled' } });
      expect(await questionEvent(stream, 'question.cancelled', asked)).toEqual(cancelled.body);
      expect((await world.service.post(`${path}/cancel`)).body).toEqual(cancelled.body);
      expectProblem(await world.service.patch(path, { message: 'Too late' }), 'expired');
      expectProblem(await answerIt(ada, asked), 'expired');
      await stream.close();
    });

    it('of a person goes to services: pending in their state, answered there too, seen by nobody else', async () => {
      const world = newWorld();
      const [ada, ben] = [await world.person('ada', { name: 'Ada' }), await world.person('ben')];
      const stream = await (await world.service.stream()).live();
      const asked = await ask(ada, { options: undefined, message: 'What is left to do?' });
      expect(asked).toMatchObject({ answerBy: 'service', askedBy: { user: 'ada', name: 'Ada' } });
      expect(await questionEvent(stream, 'question.opened', asked)).toEqual(asked);
      expect(await questionsInState(world.service)).toEqual([asked]);
      expect(await questionsInState(ada)).toEqual([asked]);
      expect(await questionsInState(ben)).toEqual([]);
      expectProblem(await answerIt(ada, asked), 'forbidden');
      expectProblem(await answerIt(ben, asked), 'not_found');
      const answered = await answerIt(world.service, asked, { value: 'The **tests**.' });
      expect(answered).toMatchObject({ status: 200, body: { status: 'answered', answer: { by: { name: null } } } });
      expect(await questionsInState(ada)).toEqual([answered.body]);
      const other = await ask(ada, { message: 'Never mind' });
      expect((await ada.post(`/v1/questions/${other.id}/cancel`)).body).toMatchObject({ status: 'cancelled' });
      expect(await questionsInState(ada)).toEqual([answered.body]);
      await stream.close();
    });
  });

  describe('questions and access', () => {
    it('come and go with a membership, on open streams too, and only a member may answer', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      const asked = await ask(world.service, { to: 'topic:p/1' });
      expectProblem(await answerIt(ada, asked), 'not_found');
      const membership = { channel: 'topic:p/1', user: 'ada' };
      await world.service.put('/v1/memberships', membership);
      const stateWith = (text: string) =>
        stream.block(({ event, data }) => event === 'state' && data?.includes(text) === true);
      await stateWith(asked.id);
      expect(await questionsInState(ada)).toEqual([asked]);
      expect((await ada.get(`/v1/questions/${asked.id}`)).body).toEqual(asked);
      await world.service.delete(`/v1/memberships?channel=topic:p%2F1&user=ada`);
      expect(await questionsInState(ada)).toEqual([]);
      expect((await ada.get('/v1/questions')).body).toMatchObject({ items: [] });
      expectProblem(await answerIt(ada, asked), 'not_found');
      await stream.close();
    });
  });

  describe('GET /v1/questions', () => {
    it('filters by status and subject, and pages by cursor', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { subject } = EVERYTHING;
      const first = await ask(world.service, { to: 'user:ada', subject });
      const second = await ask(world.service, { to: 'all', subject });
      const third = await ask(world.service, { to: 'user:ben' });
      await answerIt(ada, first);
      const ids = async (caller: typeof ada, query: string) =>
        ((await caller.get(`/v1/questions${query}`)).body as Page).items.map(({ id }) => id);
      expect(await ids(ada, '')).toEqual([second.id, first.id]);
      expect(await ids(ada, '?status=open')).toEqual([second.id]);
      expect(await ids(world.service, '?status=open,answered')).toEqual([third.id, second.id, first.id]);
      expect(await ids(world.service, '?subject=story:42')).toEqual([second.id, first.id]);
      const page = (await world.service.get('/v1/questions?limit=2')).body as Page;
      expect(await ids(world.service, `?limit=2&cursor=${page.nextCursor}`)).toEqual([first.id]);
      expectProblem(await ada.get('/v1/questions?status=done'), 'invalid', 'status');
      expectProblem(await ada.get('/v1/questions?cursor=nope'), 'invalid', 'cursor');
    });

    it('lists what was sent to ?channels= only, as the state of a stream with them has it', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { channels: ['topic:p/*'] });
      const { subject } = EVERYTHING;
      await ask(world.service, { to: 'user:ada', subject });
      const topic = await ask(world.service, { to: ['topic:p/1', 'user:ben'], subject });
      const other = await ask(world.service, { to: 'topic:q' });
      const ids = async (caller: typeof ada, query: string) =>
        ((await caller.get(`/v1/questions?${query}`)).body as Page).items.map(({ id }) => id);
      expect(await ids(ada, 'channels=topic:p/*')).toEqual([topic.id]);
      expect(await ids(ada, 'channels=topic:p/1&subject=story:42')).toEqual([topic.id]);
      expect(await ids(ada, 'channels=topic:p/1&status=answered')).toEqual([]);
      expect(await ids(world.service, 'channels=topic:p/*,topic:q')).toEqual([other.id, topic.id]);
      const state = ((await ada.get('/v1/stream?channels=topic:p/*&wait=0')).body as { state: StateFrame }).state;
      expect(state.questions.map(({ id }) => id)).toEqual([topic.id]);
      expectProblem(await ada.get('/v1/questions?channels=topic:q'), 'forbidden', 'channels');
      expectProblem(await ada.get('/v1/questions?channels=nope'), 'invalid', 'channels');
    });
  });
}
