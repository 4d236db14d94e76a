import { type Core, createCore, type Person, type Store } from '@belfry/core';
import { type Bus, Hub, runStreamRequest, type Sink } from '@belfry/hub';

/** One process of several: a hub on its own connections to the database and to the bus. */
export class TestProcess {
  readonly core: Core;
  readonly #hub: Hub;
  readonly #bus: Bus;

  constructor(store: Store, bus: Bus) {
    this.#bus = bus;
    this.#hub = new Hub({ bus });
    this.core = createCore({ store, announce: this.#hub.announce });
    this.#hub.attach(this.core);
  }

  follow(tenant: string, user: string, run: string): TextSink {
    const sink = new TextSink();
    const nothing = { name: null, avatarUrl: null, roles: [], channels: [], readOnly: false };
    const person: Person = { kind: 'person', tenant, user, ...nothing, since: null, expiresAt: null };
    const stream = this.#hub.openRun(runStreamRequest(person, run, { cursor: null, fromStart: false }), sink);
    sink.onEnd = () => stream.gone();
    return sink;
  }

  /** The store stays its opener's. */
  close(): Promise<void> {
    this.#hub.close();
    return this.#bus.close();
  }
}

/** Whose reader takes everything at once, and remembers it. */
export class TextSink implements Sink {
  readonly buffered = 0;
  text = '';
  onEnd: () => void = () => {};
  readonly #watchers = new Set<() => void>();

  /** Resolves when it was sent. */
  has(part: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => this.text.includes(part) && resolve();
      this.#watchers.add(look);
      look();
    });
  }

  write(bytes: Uint8Array): number {
    this.text += new TextDecoder().decode(bytes);
    for (const look of this.#watchers) look();
    return bytes.length;
  }

  whenDrained(callback: () => void): void {
    callback();
  }

  end(): void {
    this.onEnd();
  }

  destroy(): void {}
}
