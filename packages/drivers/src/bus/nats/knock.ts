import { once } from 'node:events';
import { connect } from 'node:net';
import type { Address } from '../address.ts';

/**
 * Resolves where a NATS server answers: it speaks first. The library waits for that too, and where nobody speaks it gives
 * up without letting go of its socket, which then keeps the process alive.
 *
 * @throws Error where nobody is there, or somebody else.
 */
export async function knock({ host, port }: Address, ms: number): Promise<void> {
  const socket = connect(port, host);
  const late = AbortSignal.timeout(ms);
  try {
    const [first] = (await once(socket, 'data', { signal: late })) as [Buffer];
    if (!'INFO '.startsWith(first.toString('latin1', 0, 5))) throw new Error('it answers, and is no NATS server');
  } catch (error) {
    throw late.aborted ? new Error('it does not answer as a NATS server does') : error;
  } finally {
    // What it says on its way out is of no interest.
    socket.on('error', () => {});
    socket.destroy();
  }
}
