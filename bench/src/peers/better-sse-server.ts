// A process of its own: what someone would write by hand with better-sse, and nothing that slows it down.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createChannel, createSession, type Session } from 'better-sse';

// Belfry's heartbeat, so that idle connections cost the same beats.
const KEEP_ALIVE_MS = 25_000;

const everyone = createChannel();
const sessions = new Map<string, Set<Session>>();

async function stream(request: IncomingMessage, response: ServerResponse, user: string): Promise<void> {
  const session = await createSession(request, response, { keepAlive: KEEP_ALIVE_MS });
  const own = sessions.get(user) ?? new Set();
  sessions.set(user, own.add(session));
  session.once('disconnected', () => {
    own.delete(session);
    if (own.size === 0) sessions.delete(user);
  });
  everyone.register(session);
  session.push({}, 'ready');
}

async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { to, ...message } = JSON.parse(await bodyOf(request)) as { to: string };
  const notification = { id: randomUUID(), ...message, createdAt: new Date().toISOString() };
  if (to === 'all') everyone.broadcast(notification);
  else for (const session of sessions.get(to) ?? []) session.push(notification);
  response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(notification));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const piece of request) body += piece;
  return body;
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench.local');
  if (pathname === '/stream') void stream(request, response, searchParams.get('user') ?? '');
  else void publish(request, response);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
