import type { Cluster, Redis } from 'ioredis';

interface Opened {
  disconnect(): void;
}

/** What was opened to make a link of, and is let go of together where that fails. */
export class Attempt {
  readonly #opened = new Set<Opened>();
  /** What went wrong first: the library rejects with no more than that a connection is closed. */
  why: unknown;

  readonly drop = (): void => {
    for (const one of this.#opened) one.disconnect();
  };

  hold<One extends Opened>(one: One): One {
    this.#opened.add(one);
    return one;
  }

  add<Client extends Redis | Cluster>(client: Client): Client {
    const emitter: Pick<Redis, 'on' | 'once'> = client as Redis;
    emitter.on('error', (error: Error) => {
      this.why ??= error;
    });
    emitter.once('end', () => this.#opened.delete(client));
    return this.hold(client);
  }
}
