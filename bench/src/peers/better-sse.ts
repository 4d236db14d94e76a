import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getStream, postJson } from './http.ts';
import { messageJson } from './message.ts';
import type { ServerPeer } from './peer.ts';

const SERVER = fileURLToPath(new URL('better-sse-server.ts', import.meta.url));

/** What a TypeScript user would pick: better-sse on plain `node:http`. */
export const betterSse: ServerPeer = {
  name: 'better-sse',
  about: 'in memory, to whoever is connected; no store, no authentication, no checks',
  version: () => {
    const build = dirname(createRequire(import.meta.url).resolve('better-sse'));
    return `better-sse ${JSON.parse(readFileSync(join(build, '../package.json'), 'utf8')).version}`;
  },
  services: [],
  command: ({ port, nodeFlags }) => ({
    command: process.execPath,
    args: [...nodeFlags, SERVER],
    env: { PORT: String(port) },
    isNode: true,
  }),
  wire: {
    stream: (user) => getStream(`/stream?user=${user}`),
    ready: 'event:ready\n',
    publish: (item) => postJson('/publish', messageJson(String(item.to), item)),
  },
};
