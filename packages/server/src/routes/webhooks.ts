import { WEBHOOK_DELIVERY_STATUSES, type WebhookDeliveryQuery } from '@belfry/core';
import { LIMITS } from '@belfry/protocol';
import {
  later,
  made,
  newWebhook,
  pageShape,
  webhookDeliveryShape,
  webhookRotation,
  webhookShape,
} from '@belfry/protocol/schemas';
import * as z from 'zod';
import { service } from '../http/access.ts';
import { limit } from '../http/query.ts';
import { type Route, route } from '../http/route.ts';

const tag = 'Webhooks';
const access = service('admin');

const add = route({
  method: 'POST',
  path: '/v1/webhooks',
  summary: 'Send events from now on to an address, signed as Standard Webhooks says. The secret is answered this once.',
  tag,
  access,
  body: newWebhook,
  answer: {
    status: 201,
    description: 'The webhook and its secret',
    schema: later(() => webhookShape.extend({ secret: z.string() })),
  },
  async handle({ core, principal, body }) {
    return { status: 201, body: await core.webhooks.add(principal.tenant, body) };
  },
});

const list = route({
  method: 'GET',
  path: '/v1/webhooks',
  summary: "The tenant's webhooks, without their secrets.",
  tag,
  access,
  answer: {
    status: 200,
    description: 'All of them',
    schema: later(() => z.object({ items: z.array(made(webhookShape)) })),
  },
  async handle({ core, principal }) {
    return { status: 200, body: { items: await core.webhooks.list(principal.tenant) } };
  },
});

const get = route({
  method: 'GET',
  path: '/v1/webhooks/{id}',
  summary: 'One webhook, without its secret.',
  tag,
  access,
  answer: { status: 200, description: 'The webhook', schema: webhookShape },
  async handle({ core, principal, param }) {
    return { status: 200, body: await core.webhooks.get(principal.tenant, param('id')) };
  },
});

const remove = route({
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  summary: 'Send no more to it, and forget what waits.',
  tag,
  access,
  answer: { status: 204, description: 'It is gone' },
  async handle({ core, principal, param }) {
    await core.webhooks.remove(principal.tenant, param('id'));
    return { status: 204 };
  },
});

const rotate = route({
  method: 'POST',
  path: '/v1/webhooks/{id}/rotate',
  summary: 'Give it a new secret, answered this once. For a day, or as long as you say, the old one signs beside it.',
  tag,
  access,
  body: webhookRotation,
  answer: {
    status: 200,
    description: 'The webhook and its new secret',
    schema: later(() => webhookShape.extend({ secret: z.string() })),
  },
  async handle({ core, principal, param, body }) {
    return { status: 200, body: await core.webhooks.rotate(principal.tenant, param('id'), body) };
  },
});

const deliveriesQuery = later(() =>
  z.strictObject({
    status: z.enum(WEBHOOK_DELIVERY_STATUSES, `must be one of ${WEBHOOK_DELIVERY_STATUSES.join(', ')}`).optional(),
    limit: limit.optional(),
    cursor: z
      .string()
      .regex(/^[1-9]\d{0,14}$/, 'is not a cursor. Take one from an earlier answer, as it is')
      .transform(Number)
      .optional(),
  }),
);

const deliveries = route({
  method: 'GET',
  path: '/v1/webhooks/{id}/deliveries',
  summary: 'What became of each event, newest first. Kept for 3 days once delivered, 30 once dead.',
  tag,
  access,
  query: deliveriesQuery,
  answer: { status: 200, description: 'A page', schema: pageShape(webhookDeliveryShape) },
  async handle({ core, principal, param, query: { status, cursor, limit = LIMITS.page } }) {
    const query: WebhookDeliveryQuery = { limit, before: cursor ?? null, ...(status === undefined ? {} : { status }) };
    return { status: 200, body: await core.webhooks.deliveries(principal.tenant, param('id'), query) };
  },
});

const redrive = route({
  method: 'POST',
  path: '/v1/webhooks/{id}/deliveries/{delivery}/redrive',
  summary: 'Send one again, at once and with all of its tries, whatever became of it.',
  tag,
  access,
  answer: { status: 200, description: 'It waits to be sent', schema: webhookDeliveryShape },
  async handle({ core, principal, param }) {
    const delivery = await core.webhooks.redrive(principal.tenant, param('id'), param('delivery'));
    return { status: 200, body: delivery };
  },
});

const redriveDead = route({
  method: 'POST',
  path: '/v1/webhooks/{id}/redrive',
  summary: 'Send all dead deliveries of it again.',
  tag,
  access,
  answer: { status: 200, description: 'How many there were', schema: later(() => z.object({ redriven: z.int() })) },
  async handle({ core, principal, param }) {
    return { status: 200, body: await core.webhooks.redriveDead(principal.tenant, param('id')) };
  },
});

export const webhookRoutes: Route[] = [add, list, get, rotate, remove, deliveries, redrive, redriveDead];
