import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from '../address.ts';
import { tlsOptions } from '../tls-options.ts';

/** What a server says of itself when somebody comes. */
export interface Greeting {
  tls_required?: boolean;
  tls_available?: boolean;
  /** It asks for a certificate of the client. */
  tls_verify?: boolean;
}

/**
 * Resolves where a NATS server answers: it speaks first. The library waits for that too, and where nobody speaks it gives
 * up without letting go of its socket, which then keeps the process alive.
 *
 * @throws Error where nobody is there, or somebody else.
 */
export async function knock(address: Address, ms: number): Promise<Greeting> {
  const socket = address.isDirect ? openTls(address) : connect(address.port, address.host);
  // What it says on its way out is of no interest.
  socket.on('error', () => {});
  const late = AbortSignal.timeout(ms);
  try {
    const greeting = await greetingOn(socket, late);
    if (greeting.tls_verify && !address.isDirect) await proveTo(socket, address, late);
    return greeting;
  } catch (error) {
    throw late.aborted ? new Error('it does not answer as a NATS server does') : error;
  } finally {
    socket.destroy();
  }
}

function openTls({ host, port, files }: Address, socket?: Socket): Socket {
  const through = socket === undefined ? { port } : { socket };
  const open = connectTls({
    host,
    ...through,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...tlsOptions(files),
  });
  return open.on('error', () => {});
}

/** Whether it takes our certificate shows at its first word afterwards, whatever that is: the library would wait in vain. */
async function proveTo(socket: Socket, address: Address, signal: AbortSignal): Promise<void> {
  const encrypted = openTls(address, socket);
  encrypted.write('PING\r\n');
  await once(encrypted, 'data', { signal });
}

async function greetingOn(socket: Socket, signal: AbortSignal): Promise<Greeting> {
  let text = '';
  while (!text.includes('\n')) {
    const [piece] = (await once(socket, 'data', { signal })) as [Buffer];
    text += piece.toString();
    if (!text.startsWith('INFO '.slice(0, text.length))) throw new Error('it answers, and is no NATS server');
  }
  return JSON.parse(text.slice('INFO '.length, text.indexOf('\n'))) as Greeting;
}
