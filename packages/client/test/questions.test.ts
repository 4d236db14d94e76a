import type { Answer } from '@belfry/protocol';
import { expect, test } from 'vitest';
import type { Belfry } from '../src/index.ts';
import { event } from './support/model-inbox.ts';
import { NOW, type Opened, open, question, state } from './support/person.ts';
import { until } from './support/until.ts';

const YES = { action: 'accept', content: { value: 'yes' } } as const;

function answered(by: string, content: Answer['content'] = YES.content): Answer {
  return { action: 'accept', content, by: { user: by, name: by === 'ada' ? 'Ada' : null }, at: 'then' };
}

const shown = ({ questions }: Belfry) =>
  questions.getSnapshot().items.map(({ id, status, pending, elsewhere }) => ({ id, status, pending, elsewhere }));

const closed = (n: number, by: string) => question(n, { status: 'answered', answer: answered(by) });

async function linger({ environment, belfry }: Opened): Promise<void> {
  environment.advance(10_000);
  await until(belfry.questions, ({ items }) => items.every(({ status }) => status === 'open'));
}

test('an answer shows at once, is sent, and is one of ours when its event comes', async () => {
  const opened = await open({ questions: [question(2), question(1)] });
  const { belfry, server, stream } = opened;
  const taken = belfry.questions.answer('q1', YES);
  expect(shown(belfry)).toEqual([
    { id: 'q2', status: 'open', pending: false, elsewhere: false },
    { id: 'q1', status: 'answered', pending: true, elsewhere: false },
  ]);
  const request = await server.next('/v1/questions/q1/answer');
  expect(request.body).toEqual(YES);
  stream.message(11, event('question.answered', { question: closed(1, '42') }));
  await until(belfry.questions, ({ items }) => items[1]?.pending === false);
  request.answer(200, closed(1, '42'));
  expect(await taken).toBe(true);
  expect(shown(belfry)[1]).toEqual({ id: 'q1', status: 'answered', pending: false, elsewhere: false });
  await linger(opened);
  expect(shown(belfry).map(({ id }) => id)).toEqual(['q2']);
  expect(belfry.questions.getSnapshot().open).toBe(1);
});

test('an answer that does not fit is taken back with its field, and the question stays open', async () => {
  const { belfry, server } = await open({ questions: [question(1)] });
  const taken = belfry.questions.answer('q1', { action: 'accept', content: { value: '' } });
  const problem = { code: 'invalid', status: 400, detail: 'content.value must not be empty', field: 'content.value' };
  (await server.next('/v1/questions/q1/answer')).answer(400, problem);
  expect(await taken).toBe(false);
  const [item] = belfry.questions.getSnapshot().items;
  expect(item).toMatchObject({ status: 'open', answer: null, pending: false, error: { field: 'content.value' } });
});

test('who was first stays to be seen for ten seconds, or until dismissed', async () => {
  const opened = await open({ questions: [question(2), question(1)] });
  const { belfry, server, stream } = opened;
  const taken = belfry.questions.answer('q1', YES);
  const problem = { code: 'already_answered', status: 409, detail: 'Too late.', answer: answered('ada') };
  (await server.next('/v1/questions/q1/answer')).answer(409, problem);
  expect(await taken).toBe(false);
  const first = belfry.questions.getSnapshot().items[1];
  expect(first).toMatchObject({ status: 'answered', elsewhere: true, answer: { by: { name: 'Ada' } } });
  stream.message(11, event('question.answered', { question: closed(2, 'ada') }));
  await until(belfry.questions, ({ open }) => open === 0);
  expect(shown(belfry)[0]).toEqual({ id: 'q2', status: 'answered', pending: false, elsewhere: true });
  belfry.questions.dismiss('q2');
  expect(shown(belfry).map(({ id }) => id)).toEqual(['q1']);
  await linger(opened);
  expect(shown(belfry)).toEqual([]);
});

test('an answer whose word was lost counts, once the server says that it was ours', async () => {
  const { belfry, server, stream } = await open({ questions: [question(1)] });
  const lost = belfry.questions.answer('q1', YES);
  (await server.next('/v1/questions/q1/answer')).cut();
  expect(await lost).toBe(false);
  expect(shown(belfry)).toEqual([{ id: 'q1', status: 'open', pending: false, elsewhere: false }]);
  stream.message(11, event('question.answered', { question: closed(1, '42') }));
  await until(belfry.questions, ({ open }) => open === 0);
  expect(shown(belfry)).toEqual([{ id: 'q1', status: 'answered', pending: false, elsewhere: false }]);
});

test('it expires by the time left on the server, and an open question can not be dismissed', async () => {
  const soon = question(1, { expiresAt: new Date(NOW + 60_000).toISOString() });
  const { belfry, environment } = await open({ questions: [soon] });
  environment.advance(20_000);
  expect(belfry.questions.timeLeft(soon)).toBe(40_000);
  belfry.questions.dismiss('q1');
  expect(shown(belfry)[0]).toMatchObject({ status: 'open' });
  environment.advance(40_000);
  await until(belfry.questions, ({ open }) => open === 0);
  expect(shown(belfry)).toEqual([{ id: 'q1', status: 'expired', pending: false, elsewhere: true }]);
  belfry.questions.dismiss('q1');
  expect(shown(belfry)).toEqual([]);
  expect(belfry.counts.getSnapshot().openQuestions).toBe(0);
});

test.each([
  ['forward', 2],
  ['back', -3],
])(
  'a clock that is put %s in mid-session changes neither the time left nor how long an answer is shown',
  async (_, hours) => {
    const soon = question(1, { expiresAt: new Date(NOW + 60_000).toISOString() });
    const opened = await open({ questions: [question(2), soon] });
    const { belfry, environment, stream } = opened;
    stream.message(11, event('question.answered', { question: closed(2, 'ada') }));
    await until(belfry.questions, ({ open }) => open === 1);
    environment.putBy = hours * 3_600_000;
    environment.advance(5_000);
    expect(belfry.questions.timeLeft(soon)).toBe(55_000);
    expect(shown(belfry).map(({ id, status }) => `${id} ${status}`)).toEqual(['q2 answered', 'q1 open']);
    environment.advance(5_000);
    await until(belfry.questions, ({ items }) => items.length === 1);
    environment.advance(50_000);
    await until(belfry.questions, ({ open }) => open === 0);
    expect(shown(belfry)[0]).toMatchObject({ id: 'q1', status: 'expired' });
  },
);

test('what was asked shows at once and once, whichever comes first, and goes again if it is refused', async () => {
  const { belfry, server, stream } = await open();
  const mine = { answerBy: 'service', askedBy: { user: '42', name: null }, message: 'Ship it?' } as const;
  const asked = belfry.questions.ask({ message: 'Ship it?' });
  const messages = () => belfry.questions.getSnapshot().asked.map(({ message, pending }) => ({ message, pending }));
  expect(messages()).toEqual([{ message: 'Ship it?', pending: true }]);
  const request = await server.next('/v1/questions');
  expect(request.body).toEqual({ message: 'Ship it?', answerBy: 'service' });
  expect(request.header('idempotency-key')).toBeTruthy();
  stream.message(11, event('question.opened', { question: question(1, mine) }));
  await until(belfry.questions, ({ asked }) => asked[0]?.pending === false);
  expect(messages()).toEqual([{ message: 'Ship it?', pending: false }]);
  request.answer(201, question(1, mine));
  expect(await asked).toMatchObject({ id: 'q1' });
  expect(messages()).toEqual([{ message: 'Ship it?', pending: false }]);
  const refused = belfry.questions.ask({ message: '' });
  (await server.next('/v1/questions')).problem(400, 'invalid');
  expect(await refused).toBe(null);
  expect(belfry.questions.getSnapshot()).toMatchObject({ error: { code: 'invalid' }, asked: [{ id: 'q1' }] });
});

test('a new state replaces what is open, and keeps what is under way', async () => {
  const { belfry, server, stream } = await open({ questions: [question(2), question(1)] });
  const taken = belfry.questions.answer('q1', YES);
  const request = await server.next('/v1/questions/q1/answer');
  state(stream, 20, { questions: [question(3)] });
  await until(belfry.questions, ({ items }) => items[0]?.id === 'q3');
  expect(shown(belfry).map(({ id, pending }) => [id, pending])).toEqual([
    ['q3', false],
    ['q1', true],
  ]);
  request.answer(200, closed(1, '42'));
  expect(await taken).toBe(true);
});

test('what a new state left out while it was answered is asked for when the answer is refused', async () => {
  const { belfry, server, stream } = await open({ questions: [question(1)] });
  const taken = belfry.questions.answer('q1', YES);
  const request = await server.next('/v1/questions/q1/answer');
  state(stream, 20, { questions: [question(3)] });
  await until(belfry.questions, ({ items }) => items.length === 2);
  request.problem(400, 'invalid');
  (await server.next('/v1/questions/q1')).answer(200, closed(1, 'ada'));
  expect(await taken).toBe(false);
  expect(shown(belfry)[1]).toEqual({ id: 'q1', status: 'answered', pending: false, elsewhere: true });
  expect(belfry.questions.getSnapshot().open).toBe(1);
});

test('those about one thing, the same object until they change', async () => {
  const subject = { kind: 'story', id: '7' };
  const { belfry, stream } = await open({ questions: [question(2, { subject }), question(1)] });
  const about = belfry.questions.about({ kind: 'story', id: '7' });
  const before = about.getSnapshot();
  expect(before).toMatchObject({ open: 1, items: [{ id: 'q2' }] });
  stream.message(11, event('question.opened', { question: question(3) }));
  await until(belfry.questions, ({ open }) => open === 3);
  expect(about.getSnapshot()).toBe(before);
});

test('a read-only principal sends no answers, questions or cancellings', async () => {
  const { belfry, server } = await open({ questions: [question(1)], runs: [] }, { readOnly: true });
  expect(await belfry.questions.answer('q1', YES)).toBe(false);
  expect(await belfry.questions.ask({ message: 'May I?' })).toBe(null);
  expect(await belfry.questions.cancel('q1')).toBe(false);
  expect(await belfry.runs.cancel('r1')).toBe(false);
  expect(belfry.questions.getSnapshot()).toMatchObject({ readOnly: true, error: { code: 'forbidden' }, open: 1 });
  // A call that does go out comes behind all that went before.
  void belfry.clear({ kind: 'x', id: 'y' });
  expect(server.untaken).toEqual([]);
});
