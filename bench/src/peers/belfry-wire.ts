import { createHmac } from 'node:crypto';
import { belfryClient } from './belfry-client.ts';
import { API_KEY, JWT_SECRET } from './belfry-secrets.ts';
import { getStream, postJson } from './http.ts';
import { messageJson } from './message.ts';
import type { Address, Item, RunWire, Wire } from './peer.ts';

const TOKEN_SECONDS = 3_600;

const KEY_HEADER = `authorization: Bearer ${API_KEY}`;

const runs: RunWire = {
  begin: beginRun,
  following: (run) => ({
    stream: (user) => getStream(`/v1/runs/${run}/stream`, [`authorization: Bearer ${token(user)}`]),
    ready: 'event: snapshot\n',
  }),
  log: (run, lines) => {
    const body = `{"lines":[${lines.map((text) => `{"text":"${text}","level":"info"}`).join()}]}`;
    return postJson(`/v1/runs/${run}/logs`, body, [KEY_HEADER]);
  },
};

/** Belfry's HTTP API, the same whatever it stands on. */
export const belfryWire: Wire = {
  stream: (user, from) => {
    const bearer = `authorization: Bearer ${token(user)}`;
    if (from === undefined) return getStream('/v1/stream', [bearer]);
    return getStream(`/v1/stream?access=${from.access}`, [bearer, `last-event-id: ${from.cursor}`]);
  },
  ready: 'event: live\n',
  publish: (item) => postJson('/v1/notifications', json(item), [KEY_HEADER]),
  client: belfryClient,
  publishBatch: (items) => {
    const body = `{"notifications":[${items.map(json).join()}]}`;
    return postJson('/v1/notifications/batch', body, [KEY_HEADER]);
  },
  runs,
};

async function beginRun({ host, port }: Address): Promise<string> {
  const answer = await fetch(`http://${host}:${port}/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: 'all', kind: 'test-run', title: 'Nightly' }),
  });
  if (answer.status !== 201) throw new Error(`A run was refused: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

function json(item: Item): string {
  return messageJson(item.to === 'all' ? 'all' : `user:${item.to}`, item);
}

/** Signing takes time of the generator's core: once a person. */
const tokens = new Map<number, string>();

function token(user: number): string {
  const known = tokens.get(user) ?? newToken(user);
  tokens.set(user, known);
  return known;
}

function newToken(user: number): string {
  const claims = { sub: String(user), exp: Math.floor(Date.now() / 1_000) + TOKEN_SECONDS };
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
