// A process of its own: writes what it is posted to every stream, all that came in one turn of the loop at once. It reads
// no HTTP beyond the end of a request, so nothing on this runtime could give the generator more to read.
import { createServer, type Socket } from 'node:net';

const OPENED = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nevent: live\ndata: {}\n\n';
const ANSWER = 'HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}';

const streams = new Set<Socket>();
let frames: string[] = [];

const server = createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('error', () => {});
  socket.on('close', () => streams.delete(socket));
  socket.on('data', (piece: string) => {
    text += piece;
    if (text.startsWith('GET')) return open(socket);
    const bodyAt = text.indexOf('\r\n\r\n') + 4;
    const length = Number(/content-length: (\d+)/.exec(text)?.[1]);
    if (bodyAt < 4 || text.length < bodyAt + length) return;
    send(text.slice(bodyAt, bodyAt + length));
    socket.write(ANSWER);
    text = '';
  });
});

function open(socket: Socket): void {
  streams.add(socket);
  socket.write(OPENED);
}

function send(message: string): void {
  if (frames.length === 0) setImmediate(flush);
  frames.push(`data: ${message}\n\n`);
}

function flush(): void {
  const bytes = Buffer.from(frames.join(''), 'latin1');
  frames = [];
  for (const socket of streams) socket.write(bytes);
}

server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
