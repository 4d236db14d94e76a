import { createConnection } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';

type Stream = Awaited<ReturnType<AbstractConnector['connect']>>;

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
    return this.stream;
  }
}

function open({ host = '127.0.0.1', port = 6379, family, tls }: RedisOptions): Stream {
  const target: ConnectionOptions = { host, port, ...(family === undefined ? {} : { family }) };
  return tls ? connectTls(Object.assign(target, tls)) : createConnection({ ...target, port });
}
