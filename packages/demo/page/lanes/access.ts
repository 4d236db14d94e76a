import type { Belfry } from '@belfry/client';
import { Signal } from '../signal.ts';

/** Which channels one person may see, as their own stream tells it. */
export class Access extends Signal {
  /** Null: never connected. */
  #channels: Set<string> | null = null;

  constructor(client: Belfry) {
    super();
    client.onFrame(({ event, data }) => {
      if (event === 'connected') this.#hold(new Set(JSON.parse(data ?? '').channels as string[]));
    });
    client.on('access.granted', ({ data }) => this.#hold(new Set([...(this.#channels ?? []), ...data.channels])));
    client.on('access.revoked', ({ data }) => {
      const gone = new Set(data.channels);
      this.#hold(new Set([...(this.#channels ?? [])].filter((channel) => !gone.has(channel))));
    });
  }

  /** It is known that this person may not see this channel. */
  lacks(channel: string): boolean {
    return this.#channels !== null && !this.#channels.has(channel);
  }

  #hold(channels: Set<string>): void {
    this.#channels = channels;
    this.changed();
  }
}
