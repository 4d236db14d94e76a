import type { Reads } from '@belfry/core';
import { LIMITS } from '@belfry/protocol';
import { later, made, memberChannel, membership, pageShape, userName, wholeChannel } from '@belfry/protocol/schemas';
import * as z from 'zod';
import { service } from '../http/access.ts';
import { cursorOf, nameIn } from '../http/name-cursor.ts';
import { limit } from '../http/query.ts';
import { type Route, route } from '../http/route.ts';

const tag = 'Access';

const grant = route({
  method: 'PUT',
  path: '/v1/memberships',
  summary: 'Give a person a topic or role. Their open streams follow within a second.',
  tag,
  access: service('publish'),
  body: membership,
  answer: { status: 204, description: 'It is theirs' },
  async handle({ core, principal, body }) {
    await core.memberships.grant(principal.tenant, body.user, body.channel);
    return { status: 204 };
  },
});

const revoke = route({
  method: 'DELETE',
  path: '/v1/memberships',
  summary: 'Take it back, also from tokens issued before now. Open streams drop it within a second.',
  tag,
  access: service('publish'),
  query: later(() => z.strictObject({ channel: made(memberChannel), user: made(userName) })),
  answer: { status: 204, description: 'It is no longer theirs' },
  async handle({ core, principal, query }) {
    await core.memberships.revoke(principal.tenant, query.user, query.channel);
    return { status: 204 };
  },
});

type Of = Reads['memberships']['in']['of'];

const listQuery = later(() =>
  z
    .strictObject({
      channel: memberChannel.optional(),
      user: userName.optional(),
      limit: limit.optional(),
      cursor: z.string().optional(),
    })
    .refine(({ channel, user }) => (channel === undefined) !== (user === undefined), {
      path: ['channel'],
      message: 'must be given, or user instead: memberships are listed for one of the two',
    }),
);

const list = route({
  method: 'GET',
  path: '/v1/memberships',
  summary: 'Who holds a channel by membership, or what one person holds.',
  tag,
  access: service('read'),
  query: listQuery,
  answer: {
    status: 200,
    description: 'A page',
    schema: pageShape(later(() => z.object({ channel: z.string(), user: z.string() }).meta({ id: 'Membership' }))),
  },
  async handle({ core, principal, query: { channel, user, cursor, limit = LIMITS.page } }) {
    const of: Of = channel === undefined ? { user: user as string } : { channel };
    const after = cursor === undefined ? null : nameIn(cursor);
    const found = await core.memberships.list({ tenant: principal.tenant, of, after, limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const name = channel === undefined ? last?.channel : last?.user;
    return { status: 200, body: { items, nextCursor: name === undefined ? null : cursorOf(name) } };
  },
});

const revokeChannel = route({
  method: 'DELETE',
  path: '/v1/channels',
  summary: 'Take a topic or role from everybody, as when a project is closed.',
  tag,
  access: service('publish'),
  query: later(() => z.strictObject({ name: made(wholeChannel) })),
  answer: { status: 204, description: 'Nobody holds it' },
  async handle({ core, principal, query }) {
    await core.memberships.revokeChannel(principal.tenant, query.name);
    return { status: 204 };
  },
});

export const membershipRoutes: Route[] = [grant, revoke, list, revokeChannel];
