import { belfryAudience } from './belfry-audience.ts';
import { belfryClient } from './belfry-client.ts';
import { belfryRuns } from './belfry-runs.ts';
import { API_KEY } from './belfry-secrets.ts';
import { bearer, type Held } from './belfry-token.ts';
import { getJson, getStream, postJson } from './http.ts';
import { messageJson } from './message.ts';
import type { Item, Wire } from './peer.ts';

const KEY_HEADER = `authorization: Bearer ${API_KEY}`;

/** Belfry's HTTP API, the same whatever it stands on. */
export const belfryWire: Wire = {
  ...wireFor(() => ({})),
  client: belfryClient,
  inbox: {
    page: (user, topics) => getJson('/v1/inbox', [bearer(user, { topics })]),
    count: (user, topics) => getJson('/v1/inbox/count', [bearer(user, { topics })]),
  },
  runs: belfryRuns,
  audience: belfryAudience,
  inTenants: (count) => wireFor((user) => ({ tenant: `tenant-${user % count}` })),
  withTopics: (count) => {
    const topics = Array.from({ length: count }, (_, index) => `project-${index}`);
    return wireFor(() => ({ topics }));
  },
};

/** Of people who hold what `heldBy` says. What goes to one of them goes into their tenant. */
function wireFor(heldBy: (user: number) => Held): Wire {
  const headers = (to: Item['to']) => {
    const { tenant } = typeof to === 'number' ? heldBy(to) : {};
    return tenant === undefined ? [KEY_HEADER] : [KEY_HEADER, `belfry-tenant: ${tenant}`];
  };
  return {
    stream: (user, from) => {
      const own = bearer(user, heldBy(user));
      if (from === undefined) return getStream('/v1/stream', [own]);
      return getStream(`/v1/stream?access=${from.access}`, [own, `last-event-id: ${from.cursor}`]);
    },
    ready: 'event: live\n',
    publish: (item) => postJson('/v1/notifications', json(item), headers(item.to)),
    publishBatch: (items) => {
      const body = `{"notifications":[${items.map(json).join()}]}`;
      return postJson('/v1/notifications/batch', body, headers(items[0]?.to ?? 'all'));
    },
  };
}

function json(item: Item): string {
  return messageJson(channels(item.to), item);
}

function channels(to: Item['to']): string | string[] {
  if (to === 'all') return 'all';
  if (typeof to === 'number') return `user:${to}`;
  return 'topic' in to ? `topic:${to.topic}` : to.users.map((user) => `user:${user}`);
}
