import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/** What Node keeps of a connection: not in its documentation, so nothing may depend on it. */
interface Handle {
  /** Below 0 once it is closed, so what is written can't get into a connection that came after it. */
  readonly fd?: number;
}

/** The handle of a plain connection that tells its descriptor; null where there is none, as on TLS or on Windows. */
export function handleOf(socket: Socket): Handle | null {
  const handle = (socket as { _handle?: Handle | null })._handle;
  return handle?.constructor?.name === 'TCP' && isOpen(handle.fd) ? handle : null;
}

/**
 * Writes what the system takes this very moment of the first `length` bytes, past all that Node does around a write, which
 * costs a broadcast a tenth of its CPU. Returns how many bytes that was: none where it is full or broken, which the socket
 * finds out by itself.
 */
export function writeAtOnce(handle: Handle | null, bytes: Uint8Array, length: number): number {
  const fd = handle?.fd;
  if (!isOpen(fd)) return 0;
  try {
    return writeSync(fd, bytes, 0, length);
  } catch {
    return 0;
  }
}

function isOpen(fd: number | undefined): fd is number {
  return typeof fd === 'number' && fd >= 0;
}
