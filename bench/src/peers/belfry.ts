import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getStream, postJson } from './http.ts';
import { messageJson } from './message.ts';
import type { Item, Peer } from './peer.ts';

const CLI = new URL('../../../packages/cli/', import.meta.url);
// Good for a server that lives seconds and listens on this machine only.
const JWT_SECRET = 'the bench signs its tokens with this';
const API_KEY = 'the-bench-publishes-with-this';
const TOKEN_SECONDS = 3_600;

/** `belfry serve` as it is, with its SQLite store, tokens and API key, over its HTTP API. */
export const belfry: Peer = {
  name: 'Belfry',
  about: 'stores every message (SQLite, synchronous=FULL) before it answers; checks tokens, entitlement and bodies',
  version: () => JSON.parse(readFileSync(new URL('package.json', CLI), 'utf8')).version,
  absent: () => null,
  command: ({ port, folder, nodeFlags }) => ({
    command: process.execPath,
    args: [...nodeFlags, ...sourceCondition(), fileURLToPath(new URL(entry(), CLI)), 'serve'],
    env: {
      BELFRY_HOST: '127.0.0.1',
      BELFRY_PORT: String(port),
      BELFRY_DATA_DIR: folder,
      BELFRY_JWT_SECRET: JWT_SECRET,
      BELFRY_API_KEY: API_KEY,
      BELFRY_LOG_LEVEL: 'warn',
      BELFRY_DRAIN_MS: '0',
    },
    isNode: true,
  }),
  wire: {
    stream: (user) => getStream('/v1/stream', [`authorization: Bearer ${token(user)}`]),
    ready: 'event: live\n',
    publish: (item) => postJson('/v1/notifications', json(item), [`authorization: Bearer ${API_KEY}`]),
    publishBatch: (items) => {
      const body = `{"notifications":[${items.map(json).join()}]}`;
      return postJson('/v1/notifications/batch', body, [`authorization: Bearer ${API_KEY}`]);
    },
  },
};

/** The source, where this process itself runs with the source of the packages; else what was built. */
export function runsSource(): boolean {
  return process.execArgv.includes('--conditions=belfry-src');
}

function sourceCondition(): string[] {
  return runsSource() ? ['--conditions=belfry-src'] : [];
}

function entry(): string {
  return runsSource() ? 'src/main.ts' : 'dist/main.js';
}

function json(item: Item): string {
  return messageJson(item.to === 'all' ? 'all' : `user:${item.to}`, item);
}

function token(user: number): string {
  const claims = { sub: String(user), exp: Math.floor(Date.now() / 1_000) + TOKEN_SECONDS };
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
