import {
  type AskedQuestion,
  type Core,
  listBefore,
  type Principal,
  type QuestionQuery,
  requireOwnQuestion,
} from '@belfry/core';
import { LIMITS } from '@belfry/protocol';
import { later, newAnswer, newQuestion, pageShape, questionPatch, questionShape } from '@belfry/protocol/schemas';
import * as z from 'zod';
import { service, serviceOrPerson, serviceOrWriter } from '../http/access.ts';
import { channels, limit, questionStatuses, subjectQuery, wholeNumber } from '../http/query.ts';
import { type Call, type Route, replayHeader, route } from '../http/route.ts';
import { requireHeld } from '../stream/held.ts';
import { channelsNamed } from './channels-named.ts';

const tag = 'Questions';

const listQuery = later(() =>
  z.strictObject({
    channels: channels.optional(),
    status: questionStatuses.optional(),
    subject: subjectQuery.optional(),
    limit: limit.optional(),
    cursor: z.string().optional(),
  }),
);

const ask = route({
  method: 'POST',
  path: '/v1/questions',
  summary: 'Ask. A service asks people, or services with answerBy; a person asks services.',
  tag,
  access: serviceOrWriter('publish'),
  permits: (principal, body) => {
    const { answerBy } = (body ?? {}) as { answerBy?: unknown };
    if (principal.kind === 'person') requireOwnQuestion(principal, channelsNamed(body), answerBy);
  },
  body: newQuestion,
  creates: true,
  answer: { status: 201, description: 'It is stored, and open', schema: questionShape },
  async handle({ core, principal, body, idempotency }) {
    const { value, replayed } = await core.questions.ask(principal, body, idempotency);
    return { status: 201, body: value, headers: replayHeader(replayed) };
  },
});

const list = route({
  method: 'GET',
  path: '/v1/questions',
  summary: 'Questions, newest first: of the tenant for a service, those you can see for a person.',
  tag,
  access: serviceOrPerson('read'),
  query: listQuery,
  answer: { status: 200, description: 'A page', schema: pageShape(questionShape) },
  async handle(call) {
    const { core, principal } = call;
    const { channels, cursor, status, subject, limit = LIMITS.page } = call.query;
    await requireHeld(call, channels);
    const before = await listBefore(core.store, principal, cursor);
    const query: QuestionQuery = {
      ...(status === undefined ? {} : { statuses: status as NonNullable<QuestionQuery['statuses']> }),
      ...(subject === undefined ? {} : { subject }),
      ...(channels === undefined ? {} : { channels }),
      before,
      limit,
    };
    return { status: 200, body: await core.questions.list(principal, query) };
  },
});

const get = route({
  method: 'GET',
  path: '/v1/questions/{id}',
  summary: 'One question. With wait: when it is no longer open, or after so many seconds.',
  tag,
  access: serviceOrPerson('read'),
  query: later(() => z.strictObject({ wait: wholeNumber(0, LIMITS.waitSeconds).optional() })),
  answer: { status: 200, description: 'The question', schema: questionShape },
  async handle(call) {
    const asked = await call.core.questions.get(call.principal, call.param('id'));
    const { wait = 0 } = call.query;
    const { question } = wait === 0 || isOver(asked) ? asked : await overOr(call, asked, wait * 1_000);
    return { status: 200, body: question };
  },
});

function overOr(
  { core, hub, principal, signal }: Call<Principal, unknown, unknown>,
  { question: { id }, to }: AskedQuestion,
  waitMs: number,
): Promise<AskedQuestion> {
  const start = `{"question":{"id":${JSON.stringify(id)}`;
  const wait = {
    principal,
    // Every event of a question goes to all whom it was sent to, so any one of them will do.
    channel: to[0] as string,
    concerns: ({ event }: { event: { type: string; data: string } }) =>
      event.type.startsWith('question.') && event.data.startsWith(start),
    // Access may have changed since the wait began.
    look: async () => core.questions.get(await asNow(core, principal), id),
    isOver,
  };
  return hub.wait(wait, waitMs, signal);
}

function asNow({ appAccess }: Core, principal: Principal): Principal | Promise<Principal> {
  return principal.kind === 'person' ? appAccess.now(principal) : principal;
}

function isOver({ question }: AskedQuestion): boolean {
  return question.status !== 'open';
}

const edit = route({
  method: 'PATCH',
  path: '/v1/questions/{id}',
  summary: 'Change an open question: its words, its subject, its time; not what may be answered.',
  tag,
  access: service('publish'),
  body: questionPatch,
  answer: { status: 200, description: 'As it is now', schema: questionShape },
  async handle({ core, principal, param, body }) {
    return { status: 200, body: await core.questions.edit(principal.tenant, param('id'), body) };
  },
});

const answer = route({
  method: 'POST',
  path: '/v1/questions/{id}/answer',
  summary: 'Answer, or decline to. The first wins; 409 has the answer that was.',
  tag,
  access: serviceOrWriter('publish'),
  body: newAnswer,
  creates: true,
  answer: { status: 200, description: 'The question with its answer', schema: questionShape },
  async handle({ core, principal, param, body, idempotency }) {
    const { value, replayed } = await core.questions.answer(principal, param('id'), body, idempotency);
    return { status: 200, body: value, headers: replayHeader(replayed) };
  },
});

const cancel = route({
  method: 'POST',
  path: '/v1/questions/{id}/cancel',
  summary: 'Take an open question back. For services, and for the person who asked.',
  tag,
  access: serviceOrWriter('publish'),
  answer: { status: 200, description: 'The question, cancelled', schema: questionShape },
  async handle({ core, principal, param }) {
    return { status: 200, body: await core.questions.cancel(principal, param('id')) };
  },
});

export const questionRoutes: Route[] = [ask, list, get, edit, answer, cancel];
