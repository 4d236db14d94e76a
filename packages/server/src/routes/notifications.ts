import { listBefore, type NotificationQuery, type Published, requireOwnChannel } from '@belfry/core';
import { isChannel, LIMITS } from '@belfry/protocol';
import {
  later,
  made,
  newNotification,
  notificationBatch,
  notificationPatch,
  notificationShape,
  pageShape,
  serviceNotificationShape,
} from '@belfry/protocol/schemas';
import * as z from 'zod';
import { service, serviceOrWriter } from '../http/access.ts';
import { limit, severities, subjectQuery, types } from '../http/query.ts';
import { type Answer, type Route, replayHeader, route } from '../http/route.ts';
import { channelsNamed } from './channels-named.ts';

const tag = 'Notifications';

const listQuery = later(() =>
  z.strictObject({
    to: z.string().refine(isChannel, 'must be a channel').optional(),
    types: types.optional(),
    severity: severities.optional(),
    subject: subjectQuery.optional(),
    limit: limit.optional(),
    cursor: z.string().optional(),
  }),
);

const publish = route({
  method: 'POST',
  path: '/v1/notifications',
  summary: 'Send a notification. A person may send to themselves only.',
  tag,
  access: serviceOrWriter('publish'),
  permits: (principal, body) => {
    if (principal.kind === 'person') requireOwnChannel(principal, channelsNamed(body));
  },
  body: newNotification,
  creates: true,
  answer: {
    status: 201,
    description: 'It is stored',
    schema: later(() => z.union([made(serviceNotificationShape), made(notificationShape)])),
  },
  async handle({ core, principal, body, idempotency }) {
    const published = await core.notifications.publish(principal, body, idempotency);
    return new LateAnswer(published, () => published.value);
  },
});

const publishBatch = route({
  method: 'POST',
  path: '/v1/notifications/batch',
  summary: 'Send up to 1,000 notifications: all of them or none.',
  tag,
  access: service('publish'),
  body: notificationBatch,
  bodyLimit: LIMITS.batchBytes,
  creates: true,
  answer: {
    status: 201,
    description: 'All are stored',
    schema: later(() => z.object({ notifications: z.array(made(serviceNotificationShape)) })),
  },
  async handle({ core, principal, body, idempotency }) {
    const { tenant } = principal;
    const { notifications } = core;
    const published = await notifications.publishBatch(tenant, body.notifications, idempotency);
    const { replayed, json } = published;
    const text = json && ['{"notifications":', ...json, '}'];
    return new LateAnswer({ replayed, json: text }, () => ({ notifications: published.value }));
  },
});

/** What was published is made an object only where its text is not at hand: that costs more than all else about it. */
class LateAnswer implements Answer {
  readonly status = 201;
  readonly json: readonly string[] | undefined;
  readonly headers: Record<string, string>;
  readonly #body: () => unknown;

  constructor({ replayed, json }: Omit<Published<unknown>, 'value'>, body: () => unknown) {
    this.json = json;
    this.headers = replayHeader(replayed);
    this.#body = body;
  }

  get body(): unknown {
    return this.#body();
  }
}

const list = route({
  method: 'GET',
  path: '/v1/notifications',
  summary: 'List what was sent, newest first.',
  tag,
  access: service('read'),
  query: listQuery,
  answer: { status: 200, description: 'A page', schema: pageShape(serviceNotificationShape) },
  async handle({ core, principal, query: { cursor, limit = LIMITS.page, ...filters } }) {
    const query = {
      ...filters,
      limit,
      before: await listBefore(core.store, principal, cursor),
    } as NotificationQuery;
    return { status: 200, body: await core.notifications.list(principal.tenant, query) };
  },
});

const get = route({
  method: 'GET',
  path: '/v1/notifications/{id}',
  summary: 'One notification.',
  tag,
  access: service('read'),
  answer: { status: 200, description: 'The notification', schema: serviceNotificationShape },
  async handle({ core, principal, param }) {
    return { status: 200, body: await core.notifications.get(principal.tenant, param('id')) };
  },
});

const edit = route({
  method: 'PATCH',
  path: '/v1/notifications/{id}',
  summary: 'Change what it says. Who has read it stays as it is.',
  tag,
  access: service('publish'),
  body: notificationPatch,
  answer: { status: 200, description: 'As it is now', schema: serviceNotificationShape },
  async handle({ core, principal, param, body }) {
    return { status: 200, body: await core.notifications.edit(principal.tenant, param('id'), body) };
  },
});

const withdraw = route({
  method: 'DELETE',
  path: '/v1/notifications/{id}',
  summary: 'Take it back, from everyone.',
  tag,
  access: service('publish'),
  answer: { status: 204, description: 'It is gone' },
  async handle({ core, principal, param }) {
    await core.notifications.withdraw(principal.tenant, param('id'));
    return { status: 204 };
  },
});

export const notificationRoutes: Route[] = [publish, publishBatch, list, get, edit, withdraw];
