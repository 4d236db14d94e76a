import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One connection through a proxy. */
export interface Passage {
  client: Socket;
  server: Socket;
}

export interface TcpProxy {
  port: number;
  /** Called with what a client sends; true: it has been dealt with, and is not passed on. */
  onSent: (chunk: Buffer, passage: Passage) => boolean;
  /** Called with what the server answers; true: it is not passed on. */
  onAnswered: (chunk: Buffer, passage: Passage) => boolean;
  close(): Promise<void>;
}

/** Stands before a server of this machine and passes everything on, unless it is told to do worse. */
export async function startProxy(to: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const passage = { client, server: connect(to, '127.0.0.1') };
    for (const socket of [client, passage.server]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        passage.client.destroy();
        passage.server.destroy();
      });
    }
    client.on('data', (chunk) => proxy.onSent(chunk, passage) || passage.server.write(chunk));
    passage.server.on('data', (chunk) => proxy.onAnswered(chunk, passage) || client.write(chunk));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const proxy: TcpProxy = {
    port: (listener.address() as AddressInfo).port,
    onSent: () => false,
    onAnswered: () => false,
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
  return proxy;
}
