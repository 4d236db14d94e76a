import { API_KEY } from './belfry-secrets.ts';
import { bearer } from './belfry-token.ts';
import { getJson, postJson } from './http.ts';
import { messageJson } from './message.ts';
import type { AudienceWire } from './peer.ts';

const SERVICE = [`authorization: Bearer ${API_KEY}`];
const TOPIC = 'town';

export const belfryAudience: AudienceWire = {
  visit: (user) => getJson('/v1/stream?wait=0&state=none', townsman(user)),
  state: (user) => getJson('/v1/stream?wait=0', townsman(user)),
  readAll: (user) => postJson('/v1/inbox/read-all', '{}', townsman(user)),
  acknowledge: (user, cursor) => postJson('/v1/ack', JSON.stringify({ device: 'phone', cursor }), townsman(user)),
  announce: (title) => postJson('/v1/notifications', messageJson([`topic:${TOPIC}`, 'all'], { title }), SERVICE),
  deliveries: (id) => getJson(`/v1/notifications/${id}/deliveries`, SERVICE),
};

function townsman(user: number): string[] {
  return [bearer(user, { topics: [TOPIC] })];
}
