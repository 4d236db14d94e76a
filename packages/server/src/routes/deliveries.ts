import { deliveriesOf } from '@belfry/core';
import { LIMITS } from '@belfry/protocol';
import { deliveriesShape, later } from '@belfry/protocol/schemas';
import * as z from 'zod';
import { service } from '../http/access.ts';
import { cursorOf, nameIn } from '../http/name-cursor.ts';
import { limit } from '../http/query.ts';
import { type Route, route } from '../http/route.ts';

const deliveries = route({
  method: 'GET',
  path: '/v1/notifications/{id}/deliveries',
  summary: 'What became of it: counts for each channel, and how far it came with each recipient.',
  tag: 'Notifications',
  access: service('read'),
  query: later(() => z.strictObject({ limit: limit.optional(), cursor: z.string().optional() })),
  answer: { status: 200, description: 'Counts, and a page of recipients', schema: deliveriesShape },
  async handle({ core, principal, param, query: { cursor, limit = LIMITS.page } }) {
    const after = cursor === undefined ? null : nameIn(cursor);
    const page = { tenant: principal.tenant, id: param('id'), after, limit };
    const { channels, recipients, last } = await deliveriesOf(core.store, page);
    return { status: 200, body: { channels, recipients, nextCursor: last === null ? null : cursorOf(last) } };
  },
});

export const deliveryRoutes: Route[] = [deliveries];
