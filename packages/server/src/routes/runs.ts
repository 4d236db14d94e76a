import { listBefore, type RunQuery } from '@belfry/core';
import { LIMITS, RUN_STATUSES } from '@belfry/protocol';
import {
  later,
  logLines,
  newRun,
  pageShape,
  runEvent,
  runLineShape,
  runPatch,
  runShape,
} from '@belfry/protocol/schemas';
import * as z from 'zod';
import { service, serviceOrPerson, serviceOrWriter } from '../http/access.ts';
import { channels, commaList, limit, subjectQuery, wholeNumber } from '../http/query.ts';
import { type Route, replayHeader, route } from '../http/route.ts';
import { requireHeld } from '../stream/held.ts';

const tag = 'Runs';

const cursorShape = later(() => z.object({ cursor: z.string() }));

const create = route({
  method: 'POST',
  path: '/v1/runs',
  summary: 'Begin a run: a long job to watch. It stands in the queue until its status is changed.',
  tag,
  access: service('publish'),
  body: newRun,
  creates: true,
  answer: { status: 201, description: 'It is stored', schema: runShape },
  async handle({ core, principal, body, idempotency }) {
    const { value, replayed } = await core.runs.create(principal.tenant, body, idempotency);
    return { status: 201, body: value, headers: replayHeader(replayed) };
  },
});

const change = route({
  method: 'PATCH',
  path: '/v1/runs/{id}',
  summary: 'Say how far it is, or how it ended. What is left out stays; null clears.',
  tag,
  access: service('publish'),
  body: runPatch,
  answer: { status: 200, description: 'As it is now', schema: runShape },
  async handle({ core, principal, param, body }) {
    return { status: 200, body: await core.runs.change(principal.tenant, param('id'), body) };
  },
});

const log = route({
  method: 'POST',
  path: '/v1/runs/{id}/logs',
  summary: 'Append lines to its log, up to 1,000. They are numbered in this order.',
  tag,
  access: service('publish'),
  body: logLines,
  creates: true,
  answer: { status: 202, description: 'They are stored', schema: cursorShape },
  async handle({ core, principal, param, body, idempotency }) {
    const { value, replayed } = await core.runs.log(principal.tenant, param('id'), body.lines, idempotency);
    return { status: 202, body: value, headers: replayHeader(replayed) };
  },
});

const emit = route({
  method: 'POST',
  path: '/v1/runs/{id}/events',
  summary: "Send an app's own event to those who follow this run.",
  tag,
  access: service('publish'),
  body: runEvent,
  creates: true,
  answer: { status: 202, description: 'It is stored', schema: cursorShape },
  async handle({ core, principal, param, body, idempotency }) {
    const { value, replayed } = await core.runs.emit(principal.tenant, param('id'), body, idempotency);
    return { status: 202, body: value, headers: replayHeader(replayed) };
  },
});

const beat = route({
  method: 'POST',
  path: '/v1/runs/{id}/heartbeat',
  summary: 'Its reporter is still there. Every other call of the reporter says so too.',
  tag,
  access: service('publish'),
  answer: { status: 204, description: 'Noted' },
  async handle({ core, principal, param }) {
    await core.runs.beat(principal.tenant, param('id'));
    return { status: 204 };
  },
});

const cancel = route({
  method: 'POST',
  path: '/v1/runs/{id}/cancel',
  summary: 'End it. Its reporter is told so by the 409 that its next call gets.',
  tag,
  access: serviceOrWriter('publish'),
  answer: { status: 200, description: 'It is cancelled', schema: runShape },
  async handle({ core, principal, param }) {
    return { status: 200, body: await core.runs.cancel(principal, param('id')) };
  },
});

const listQuery = later(() =>
  z.strictObject({
    channels: channels.optional(),
    status: commaList((part) => (RUN_STATUSES as readonly string[]).includes(part), RUN_STATUSES.join(', ')).optional(),
    kind: z.string().max(LIMITS.label).optional(),
    subject: subjectQuery.optional(),
    limit: limit.optional(),
    cursor: z.string().optional(),
  }),
);

const list = route({
  method: 'GET',
  path: '/v1/runs',
  summary: 'The runs you can see, newest first.',
  tag,
  access: serviceOrPerson('read'),
  query: listQuery,
  answer: { status: 200, description: 'A page', schema: pageShape(runShape) },
  async handle(call) {
    const { core, principal } = call;
    const { cursor, limit = LIMITS.page, ...filters } = call.query;
    await requireHeld(call, filters.channels);
    const before = await listBefore(core.store, principal, cursor);
    return { status: 200, body: await core.runs.list(principal, { ...filters, limit, before } as RunQuery) };
  },
});

const get = route({
  method: 'GET',
  path: '/v1/runs/{id}',
  summary: 'One run.',
  tag,
  access: serviceOrPerson('read'),
  answer: { status: 200, description: 'The run', schema: runShape },
  async handle({ core, principal, param }) {
    return { status: 200, body: await core.runs.get(principal, param('id')) };
  },
});

const lines = route({
  method: 'GET',
  path: '/v1/runs/{id}/logs',
  summary: 'Lines of its log in reading order: the newest, or those before a cursor.',
  tag,
  access: serviceOrPerson('read'),
  query: later(() => z.strictObject({ limit: wholeNumber(1, LIMITS.lines).optional(), cursor: z.string().optional() })),
  answer: { status: 200, description: 'A page; nextCursor leads to earlier lines', schema: pageShape(runLineShape) },
  async handle({ core, principal, param, query: { cursor, limit = LIMITS.page } }) {
    return { status: 200, body: await core.runs.lines(principal, param('id'), cursor, limit) };
  },
});

export const runRoutes: Route[] = [create, list, get, change, log, lines, emit, beat, cancel];
