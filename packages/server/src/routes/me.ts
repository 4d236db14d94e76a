import { isoTime } from '@belfry/core';
import { meShape, ticketShape } from '@belfry/protocol/schemas';
import { person } from '../http/access.ts';
import { type Route, route } from '../http/route.ts';

const tag = 'Sign-in';

const me = route({
  method: 'GET',
  path: '/v1/me',
  summary: 'Who you are here.',
  tag,
  access: person,
  answer: { status: 200, description: 'You', schema: meShape },
  async handle({ principal }) {
    const { tenant, user, name, avatarUrl, roles, channels, readOnly } = principal;
    const times = { since: timeOrNull(principal.since), expiresAt: timeOrNull(principal.expiresAt) };
    return { status: 200, body: { tenant, user, name, avatarUrl, roles, channels, readOnly, ...times } };
  },
});

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}

/** Read-only people may have one too: it only opens a stream. */
const ticket = route({
  method: 'POST',
  path: '/v1/tickets',
  summary: 'A ticket for the native EventSource, which has no headers: GET /v1/stream?ticket=',
  tag,
  access: person,
  answer: { status: 201, description: 'Good for 30 s until first used', schema: ticketShape },
  async handle({ core, principal }) {
    return { status: 201, body: await core.tickets.issue(principal) };
  },
});

export const signInRoutes: Route[] = [me, ticket];
