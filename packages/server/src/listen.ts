import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { BelfryError } from '@belfry/protocol';
import type { Hono } from 'hono';
import { frameworkListener } from './http/framework-listener.ts';
import type { NodeDoor } from './http/node-door.ts';
import type { Told } from './http/problem.ts';
import { endSoon, refusedRequest } from './refused-request.ts';
import type { StreamDoor } from './stream-door/stream-door.ts';
import { Unanswered } from './unanswered.ts';

export interface Listening {
  server: Server;
  unanswered: Unanswered;
  streams: StreamDoor | null;
  port: number;
  /** Where to find it, with the address it is bound to. */
  url: string;
}

/** Within this a request must have come in full. Streams are answers and last as long as they like. */
const REQUEST_MS = 60_000;

export interface Served extends Told {
  app: Hono;
  /** Asked first; what it doesn't take is the app's. */
  door: NodeDoor | null;
  /** Asked even before that, of each connection. */
  streams: StreamDoor | null;
}

/** @throws BelfryError `unavailable` where the address can't be had, saying why. */
export async function listen({ app, door, streams, ...told }: Served, host: string, port: number): Promise<Listening> {
  const answer = frameworkListener(app, told);
  const unanswered = new Unanswered();
  // Who sends a body in drops holds memory for that long; Node would give it five minutes.
  // A request without a Host is refused as every other, and not by Node in its own words.
  // Of a header that comes twice neither may pass unseen: one of two credentials, or of two hosts (RFC 9112 3.2).
  const settings = { requireHostHeader: false, joinDuplicateHeaders: true, requestTimeout: REQUEST_MS };
  const server = createServer(settings, (request, response) => {
    if (!unanswered.add(response) || streams?.answers(request, response) === true) return;
    if (door?.(request, response) !== true) void answer(request, response);
  });
  streams?.standBefore(server);
  refuseWhatIsNoRequest(server, unanswered);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return { server, unanswered, streams, port: bound.port, url: `http://${shown}:${bound.port}` };
}

/** Headers too large, a chunk that is none, garbage: no app gets to see it, so it is answered here. */
function refuseWhatIsNoRequest(server: Server, unanswered: Unanswered): void {
  const refused = new WeakSet<Socket>();
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket: Socket) => {
    // What follows the first fault on a connection is more of the same.
    if (refused.has(socket)) return;
    refused.add(socket);
    if (code === 'ECONNRESET' || !socket.writable || !unanswered.canRefuse(socket)) socket.destroy();
    else endSoon(socket, refusedRequest(code));
  });
}

function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): BelfryError {
  const reason: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use. Stop what uses it, or set BELFRY_PORT to another.`,
    EACCES: `Port ${port} needs more rights than this process has. Set BELFRY_PORT to one above 1023.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Set BELFRY_HOST to one it has, such as 127.0.0.1.`,
    ENOTFOUND: `The host name ${host} can't be found. Set BELFRY_HOST to an address of this machine.`,
  };
  const message = reason[cause.code ?? ''] ?? `Can't listen on ${host}:${port} (${cause.code}).`;
  return new BelfryError('unavailable', message, { cause });
}

const IDLE_LOOK_MS = 20;

/**
 * Takes no more connections, and resolves when the last has closed. Requests under way are finished; each connection is
 * closed with its answer or as it falls idle, since a client that keeps it open would hold up the stop.
 */
export async function closeServer({ server, unanswered, streams }: Listening): Promise<void> {
  unanswered.leave();
  const closing = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  streams?.leave();
  await closed;
  clearInterval(closing);
}

/** Waits for a server that is closing, and after `ms` drops whatever is still open. */
export async function closedWithin({ server, streams }: Listening, closed: Promise<void>, ms: number): Promise<void> {
  const patience = setTimeout(() => {
    server.closeAllConnections();
    streams?.destroy();
  }, ms);
  await closed;
  clearTimeout(patience);
}
