import { connect, type Socket } from 'node:net';
import type { Random } from './random.ts';
import type { Target } from './target.ts';

/** A way to come and go badly. Answers the socket where it is left open. */
type Hangup = (target: Target, token: string, random: Random) => Promise<Socket | null>;

/** Every way of leaving that a server meets in the wild. */
export const HANGUPS: Readonly<Record<string, Hangup>> = {
  'cut while live': async (target, token) => gone((await live(target, token)).socket),
  'reset while live': async (target, token) => {
    const { socket } = await live(target, token);
    socket.resetAndDestroy();
    return null;
  },
  'closed on one side': async (target, token) => {
    const { socket } = await live(target, token);
    socket.end();
    return socket;
  },
  'left open and not read': async (target, token) => (await live(target, token)).socket.pause(),
  'gone before the answer': async (target, token) => gone(await say(target, streamRequest(token))),
  'gone at some moment': async (target, token, random) => {
    const socket = await say(target, streamRequest(token));
    setTimeout(() => socket.destroy(), random.int(0, 20));
    return socket;
  },
  'half a request': (target, token) => say(target, streamRequest(token).slice(0, -10)),
  'half a request, gone': async (target, token) => gone(await say(target, streamRequest(token).slice(0, 30))),
  'half a body': (target, token) => say(target, halfPublish(token)),
  'half a body, gone': async (target, token) => gone(await say(target, halfPublish(token))),
  'connected and silent': (target) => say(target, ''),
  'two streams on one connection': async (target, token, random) => {
    const socket = await say(target, streamRequest(token).repeat(2));
    return random.chance(0.5) ? socket : gone(socket);
  },
  'a poll, gone': async (target, token) => gone(await say(target, streamRequest(token, '?wait=20'))),
  'a waiting poll': async (target, token) => {
    const { socket, cursor } = await live(target, token);
    socket.destroy();
    return say(target, streamRequest(token, `?wait=20&lastEventId=${cursor}`));
  },
};

function streamRequest(token: string, query = ''): string {
  return `GET /v1/stream${query} HTTP/1.1\r\nHost: belfry\r\nAuthorization: Bearer ${token}\r\n\r\n`;
}

function halfPublish(token: string): string {
  const head = `POST /v1/notifications HTTP/1.1\r\nHost: belfry\r\nAuthorization: Bearer ${token}`;
  return `${head}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"type":`;
}

async function say(target: Target, text: string): Promise<Socket> {
  const { hostname, port } = new URL(target.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  // What the server does to it is no matter here.
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.write(text === '' ? '\r\n' : text, () => resolve()));
  return socket;
}

/** A stream that has come to the present, and where that is. */
async function live(target: Target, token: string): Promise<{ socket: Socket; cursor: string }> {
  const socket = await say(target, streamRequest(token));
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (piece: Buffer) => {
      text += piece;
      const cursor = /event: live\nid: (\S+)/.exec(text)?.[1];
      if (cursor === undefined) return;
      socket.off('data', take);
      resolve({ socket, cursor });
    };
    socket.on('data', take);
    socket.once('close', () => reject(new Error(`A stream ended before it was live: ${text}`)));
  });
}

function gone(socket: Socket): null {
  socket.destroy();
  return null;
}
