import { createConnection } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';

type Stream = Awaited<ReturnType<AbstractConnector['connect']>>;

/** Less than a whole attempt may take: the end of that says only that it has ended. */
const CONNECT_MS = 4_000;

/**
 * Makes the sockets in the library's place. ioredis 6.0.0 hears the first error of a socket only, and TLS may tell of two in
 * one read: that the certificate is not trusted, and what the server says to a connection that ends in the handshake. An
 * error that nobody hears ends the process.
 */
export class Connector extends AbstractConnector {
  readonly #options: RedisOptions;

  constructor(options: unknown) {
    super((options as RedisOptions).disconnectTimeout ?? 0);
    this.#options = options as RedisOptions;
  }

  /** Rejects where a certificate can't be read any more, or is not the key's while both are being renewed. */
  async connect(): Promise<Stream> {
    this.connecting = true;
    this.stream = open(this.#options);
    this.stream.on('error', (error: Error) => {
      this.firstError ??= error;
    });
    limit(this.stream, this.#options.tls ? 'secureConnect' : 'connect');
    return this.stream;
  }
}

function open({ host = '127.0.0.1', port = 6379, family, tls }: RedisOptions): Stream {
  const target: ConnectionOptions = { host, port, ...(family === undefined ? {} : { family }) };
  return tls ? connectTls(Object.assign(target, tls)) : createConnection({ ...target, port });
}

/** Redis reads a greeting by TLS as the beginning of a line, and says nothing until it has seen the end of that. */
function limit(stream: Stream, opened: 'secureConnect' | 'connect'): void {
  let why = 'no connection within 4 s';
  if (opened === 'secureConnect') {
    stream.once('connect', () => {
      why = 'it takes connections and says nothing, as one that does not speak TLS';
    });
  }
  const timer = setTimeout(() => stream.destroy(new Error(why)), CONNECT_MS);
  for (const event of [opened, 'close']) stream.once(event, () => clearTimeout(timer));
}
