import { BelfryError } from '@belfry/protocol';
import { checkFiles, type TlsFiles } from './tls-options.ts';

/** Where an engine is, and how one signs in there. Nothing of a secret is in `shown`. */
export interface Address {
  scheme: string;
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  files: TlsFiles;
  /** The connection begins with TLS, before anybody has said a word. */
  isDirect: boolean;
  /** For messages. */
  shown: string;
}

export interface AddressForm {
  port: number;
  /** What may stand behind the `?`. */
  parameters: readonly string[];
}

/** @throws BelfryError `invalid` where it can't be read. The text is not repeated, as it may hold a password. */
export function parseAddress(text: string, form: AddressForm): Address {
  if (!URL.canParse(text)) throw unreadable();
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1';
  const port = Number(url.port || form.port);
  const { sslnegotiation, ...files } = parametersOf(url, form);
  checkFiles(files);
  return {
    scheme: url.protocol.slice(0, -1),
    host,
    port,
    user: decoded(url.username),
    password: decoded(url.password),
    files,
    isDirect: sslnegotiation === 'direct',
    shown: `${host}:${port}`,
  };
}

/** One that is not known may be half of a password, so its name is not repeated either. */
function parametersOf({ searchParams }: URL, { parameters }: AddressForm): TlsFiles & { sslnegotiation?: string } {
  const given = Object.fromEntries(searchParams);
  if (Object.keys(given).some((name) => !parameters.includes(name))) {
    throw wrong(
      `BELFRY_BUS has something behind its ? that Belfry does not know. There may be ${parameters.join(', ')}, and a ? in a password is written %3F.`,
    );
  }
  if (!['direct', undefined].includes(given.sslnegotiation)) {
    throw wrong('The sslnegotiation in BELFRY_BUS must be direct, for a server with handshake_first, or be left out.');
  }
  return given;
}

function decoded(text: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text);
  } catch {
    throw unreadable();
  }
}

function unreadable(): BelfryError {
  return wrong(
    'BELFRY_BUS is no address that can be read. Write redis://host:6379 or nats://host:4222, with / : @ % in a password percent-encoded.',
  );
}

function wrong(message: string): BelfryError {
  return new BelfryError('invalid', message, { field: 'BELFRY_BUS' });
}
