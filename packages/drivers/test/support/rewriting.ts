import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Stands before a server of which no other version is at hand: in what it answers, one text is another as long. */
export async function startRewriting(
  url: string,
  text: string,
  by: string,
): Promise<{ url: string; close: () => void }> {
  const target = new URL(url);
  const listener = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    client.pipe(server);
    server.on('data', (bytes) => client.write(bytes.toString('latin1').replaceAll(text, by), 'latin1'));
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    for (const socket of [client, server]) socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return { url: Object.assign(new URL(url), { port: String(port) }).href, close: () => listener.close() };
}
