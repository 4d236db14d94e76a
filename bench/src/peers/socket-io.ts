import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { maskedText } from '../generator/websocket-frames.ts';
import { postJson } from './http.ts';
import { messageJson } from './message.ts';
import type { ServerPeer } from './peer.ts';

const SERVER = fileURLToPath(new URL('socket-io-server.ts', import.meta.url));

/** "Connect to the namespace", and the answer to a ping, in Engine.IO's protocol. */
const CONNECT = '40';
const PONG = '3';

/** What most who want a channel to the browser know. */
export const socketIo: ServerPeer = {
  name: 'socket.io',
  about:
    'over WebSocket only, without compression; in memory, to whoever is connected; no store, no authentication, no checks',
  version: () => {
    const build = dirname(createRequire(import.meta.url).resolve('socket.io'));
    return `socket.io ${JSON.parse(readFileSync(join(build, '../package.json'), 'utf8')).version}`;
  },
  services: [],
  command: ({ port, nodeFlags }) => ({
    command: process.execPath,
    args: [...nodeFlags, SERVER],
    env: { PORT: String(port) },
    isNode: true,
  }),
  wire: {
    stream: upgrade,
    ready: '42["ready"]',
    webSocket: { hello: maskedText(CONNECT), pong: maskedText(PONG) },
    publish: (item) => postJson('/publish', messageJson(String(item.to), item)),
  },
};

function upgrade(user: number): string {
  const headers = ['upgrade: websocket', 'connection: Upgrade', 'sec-websocket-version: 13'];
  const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==';
  const path = `/socket.io/?EIO=4&transport=websocket&user=${user}`;
  return [`GET ${path} HTTP/1.1`, 'host: bench.local', ...headers, key, '', ''].join('\r\n');
}
