import { later, newEvent } from '@belfry/protocol/schemas';
import * as z from 'zod';
import { service } from '../http/access.ts';
import { type Route, replayHeader, route } from '../http/route.ts';

const publish = route({
  method: 'POST',
  path: '/v1/events',
  summary: "Send an app's own event. It is kept for the retention time and is in no inbox.",
  tag: 'Events',
  access: service('publish'),
  body: newEvent,
  creates: true,
  answer: { status: 202, description: 'It is stored', schema: later(() => z.object({ cursor: z.string() })) },
  async handle({ core, principal, body, idempotency }) {
    const { value, replayed } = await core.events.publish(principal.tenant, body, idempotency);
    return { status: 202, body: value, headers: replayHeader(replayed) };
  },
});

export const eventRoutes: Route[] = [publish];
