import { BelfryError } from '@belfry/protocol';

/** Where an engine is, and how one signs in there. Nothing of a secret is in `shown`. */
export interface Address {
  scheme: string;
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  /** For messages. */
  shown: string;
}

/** @throws BelfryError `invalid` where it can't be read. The text is not repeated, as it may hold a password. */
export function parseAddress(text: string, defaultPort: number): Address {
  if (!URL.canParse(text)) throw unreadable();
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1';
  const port = Number(url.port || defaultPort);
  const scheme = url.protocol.slice(0, -1);
  return { scheme, host, port, user: decoded(url.username), password: decoded(url.password), shown: `${host}:${port}` };
}

function decoded(text: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text);
  } catch {
    throw unreadable();
  }
}

function unreadable(): BelfryError {
  return new BelfryError(
    'invalid',
    'BELFRY_BUS is no address that can be read. Write redis://host:6379 or nats://host:4222, with / : @ % in a password percent-encoded.',
    { field: 'BELFRY_BUS' },
  );
}
