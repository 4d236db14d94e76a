// The child process of these tests: the demo's server over the real embedded store. It notes each request in a file.
import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { appendFileSync } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import { serveDemo } from '@belfry/demo/server';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import type { Seen } from './seen.ts';

const [file] = process.argv.slice(2);

function note({ method = '', url = '', headers }: IncomingMessage): void {
  const { pathname, search } = new URL(url, 'http://localhost');
  const seen: Seen = { call: `${method} ${pathname}`, search, user: userIn(headers.authorization) };
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(seen)}\n`);
}

/** Who a token says that it is; an API key is nobody. */
function userIn(authorization = ''): string | null {
  const claims = authorization.split('.')[1];
  return claims === undefined ? null : JSON.parse(Buffer.from(claims, 'base64url').toString()).sub;
}

// Where somebody else listens to connections, Belfry leaves its streams to Node's server, which tells of each request.
const { on } = EventEmitter.prototype;
http.Server.prototype.on = function (this: http.Server, name: string | symbol, listener: () => void) {
  on.call(this, name, listener);
  return name === 'connection' && this.listenerCount(name) === 1 ? on.call(this, name, () => {}) : this;
} as typeof http.Server.prototype.on;
subscribe('http.server.request.start', (message) => note((message as { request: IncomingMessage }).request));
serveDemo({ openStore: (dir) => openSqliteStore({ dir }) });
