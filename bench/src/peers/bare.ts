import { fileURLToPath } from 'node:url';
import { getStream, postJson } from './http.ts';
import { messageJson } from './message.ts';
import type { ServerPeer } from './peer.ts';

const SERVER = fileURLToPath(new URL('bare-server.ts', import.meta.url));

/** Makes its frames as long as Belfry's, which tell all of a notification. */
const FILL = 390;

/** No server that anybody would use: what it reaches is what the generator can take. */
export const bare: ServerPeer = {
  name: 'bare',
  about: 'writes what it is posted to every socket and does nothing else at all, to see what the generator can take',
  version: () => `Node ${process.version}`,
  services: [],
  command: ({ port, nodeFlags }) => ({
    command: process.execPath,
    args: [...nodeFlags, SERVER],
    env: { PORT: String(port) },
    isNode: true,
  }),
  wire: {
    stream: () => getStream('/'),
    ready: 'event: live\n',
    publish: (item) => postJson('/', messageJson(String(item.to), { ...item, padding: FILL })),
  },
};
