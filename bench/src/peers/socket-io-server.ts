// A process of its own: what someone would write by hand with Socket.IO, tuned as its own guide says.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server } from 'socket.io';

// Belfry's heartbeat, so that idle connections cost the same beats.
const PING_MS = 25_000;

const server = createServer((request, response) => void publish(request, response));
const io = new Server(server, {
  transports: ['websocket'],
  pingInterval: PING_MS,
  serveClient: false,
  perMessageDeflate: false,
  httpCompression: false,
});
/** Whose each connection is, as its first request says. */
const users = new WeakMap<object, string | null>();

// "Memory usage" in its guide: without this the first request of each connection is kept. The handshake of its socket,
// which is made later, knows nothing of that request then.
io.engine.on('connection', (connection: { request: IncomingMessage | null }) => {
  users.set(connection, new URL(connection.request?.url ?? '', 'http://bench.local').searchParams.get('user'));
  connection.request = null;
});
io.on('connection', (socket) => {
  void socket.join(`user:${users.get(socket.conn)}`);
  socket.emit('ready');
});

async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { to, ...message } = JSON.parse(await bodyOf(request)) as { to: string };
  const notification = { id: randomUUID(), ...message, createdAt: new Date().toISOString() };
  if (to === 'all') io.emit('notification', notification);
  else io.to(`user:${to}`).emit('notification', notification);
  response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(notification));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const piece of request) body += piece;
  return body;
}

server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
