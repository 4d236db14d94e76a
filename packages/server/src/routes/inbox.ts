import { type CountQuery, type InboxQuery, listBefore, type Person, readerOf } from '@belfry/core';
import { isName, LIMITS, type Mark } from '@belfry/protocol';
import { absentOr, countsShape, inboxPageShape, later, marks, notificationShape } from '@belfry/protocol/schemas';
import * as z from 'zod';
import { person, writer } from '../http/access.ts';
import { channels, limit, severities, subjectQuery, types } from '../http/query.ts';
import { type Call, type Route, route } from '../http/route.ts';
import { requireHeld } from '../stream/held.ts';
import { channelGrants } from './channel-grants.ts';
import { typePatterns } from './type-patterns.ts';

const tag = 'Inbox';

const FILTERS = ['all', 'unread', 'archived'] as const;

const listQuery = later(() =>
  z.strictObject({
    filter: z.enum(FILTERS, 'must be all, unread or archived').optional(),
    channels: channels.optional(),
    types: types.optional(),
    severity: severities.optional(),
    subject: subjectQuery.optional(),
    limit: limit.optional(),
    cursor: z.string().optional(),
  }),
);

const list = route({
  method: 'GET',
  path: '/v1/inbox',
  summary: 'What you have, newest first. Archived items are listed by filter=archived only.',
  tag,
  access: person,
  query: listQuery,
  answer: {
    status: 200,
    description: 'A page, and the counts of all that fits, on whatever page',
    schema: inboxPageShape,
  },
  async handle(call) {
    const { cursor, filter = 'all', limit = LIMITS.page, channels: only, ...filters } = call.query;
    const reader = await narrowedReader(call, only);
    const query = {
      ...filters,
      filter,
      limit,
      before: await listBefore(call.core.store, call.principal, cursor),
    } as InboxQuery;
    return { status: 200, json: [await call.core.inbox.listJson(reader, query)] };
  },
});

const count = route({
  method: 'GET',
  path: '/v1/inbox/count',
  summary: 'How many are unread and unseen, of all or of what fits. 1000 means "or more".',
  tag,
  access: person,
  query: later(() =>
    z.strictObject({
      channels: channels.optional(),
      types: types.optional(),
      severity: severities.optional(),
      subject: subjectQuery.optional(),
    }),
  ),
  answer: { status: 200, description: 'The counts', schema: countsShape },
  async handle(call) {
    const { channels: only, ...narrow } = call.query;
    const reader = await narrowedReader(call, only);
    return { status: 200, body: await call.core.inbox.count(reader, narrow as CountQuery) };
  },
});

const get = route({
  method: 'GET',
  path: '/v1/inbox/{id}',
  summary: 'One item.',
  tag,
  access: person,
  query: later(() => z.strictObject({ channels: channels.optional() })),
  answer: { status: 200, description: 'The item', schema: notificationShape },
  async handle(call) {
    const reader = await narrowedReader(call, call.query.channels);
    return { status: 200, body: await call.core.inbox.get(reader, call.param('id')) };
  },
});

const markMany = route({
  method: 'POST',
  path: '/v1/inbox/marks',
  summary: 'Mark several items at once. Ids that are not yours or no longer there are skipped.',
  tag,
  access: writer,
  body: marks,
  answer: { status: 204, description: 'Done' },
  async handle(call) {
    await call.core.inbox.mark(readerIn(call), call.body.ids, call.body.mark);
    return { status: 204 };
  },
});

/** The word in the path, and the mark it sets. */
const ONE: Record<string, Mark> = {
  read: 'read',
  unread: 'unread',
  seen: 'seen',
  archive: 'archived',
  unarchive: 'unarchived',
};

const markOne = Object.entries(ONE).map(([word, mark]) =>
  route({
    method: 'POST',
    path: `/v1/inbox/{id}/${word}`,
    summary: `Mark one item as ${mark}.`,
    tag,
    access: writer,
    answer: { status: 204, description: 'Done' },
    async handle(call) {
      await call.core.inbox.mark(readerIn(call), [call.param('id')], mark);
      return { status: 204 };
    },
  }),
);

const ALL = { 'read-all': 'read', 'seen-all': 'seen', 'archive-all': 'archived' } as const;

const markAllBody = later(() =>
  z
    .strictObject({
      upTo: absentOr(z.string('must be a cursor').max(100)),
      channels: absentOr(channelGrants),
      types: absentOr(typePatterns),
    })
    .optional(),
);

const markAll = Object.entries(ALL).map(([word, mark]) =>
  route({
    method: 'POST',
    path: `/v1/inbox/${word}`,
    summary: `Mark everything as ${mark}, up to a cursor or to what there is now. What comes later is left alone.`,
    tag,
    access: writer,
    body: markAllBody,
    answer: { status: 204, description: 'Done' },
    async handle(call) {
      const { channels: only, ...bounds } = call.body ?? {};
      await call.core.inbox.markUpTo(await narrowedReader(call, only ?? undefined), mark, bounds);
      return { status: 204 };
    },
  }),
);

const ack = route({
  method: 'POST',
  path: '/v1/ack',
  summary: 'All that was sent to this device up to here has arrived.',
  tag,
  access: writer,
  body: later(() =>
    z.strictObject({
      device: z.string().refine(isName, 'must start with a letter or digit, at most 200 characters'),
      cursor: z.string(),
    }),
  ),
  answer: { status: 204, description: 'Done' },
  async handle(call) {
    await call.core.inbox.ack(call.principal, call.body.device, call.body.cursor);
    return { status: 204 };
  },
});

function readerIn({ principal, core }: Pick<Call<Person, unknown, unknown>, 'principal' | 'core'>) {
  return readerOf(principal, core.clock.now());
}

/** With what came by these channels only, as on a stream with `?channels=`. */
async function narrowedReader(call: Pick<Call<Person, unknown, unknown>, 'principal' | 'core'>, only?: string[]) {
  await requireHeld(call, only);
  return { ...readerIn(call), ...(only === undefined ? {} : { only }) };
}

// `count` before `{id}`: the first that fits answers.
export const inboxRoutes: Route[] = [list, count, markMany, ...markAll, get, ...markOne, ack];
