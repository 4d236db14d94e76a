import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Core, createCore, type LogEvent, NO_ROWS, type Person, type Service, type Store } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { EVERYTHING, formatCursor, type Grants } from '@belfry/protocol';
import { grantsOfPrincipal, Hub, type HubOptions, narrowed, type StreamRequest } from '../../src/index.ts';
import { TestStream } from './stream.ts';

export { openSqliteStore };

/** A store in a folder of its own. Opening one takes a while: one a file, and a tenant for each test. */
export interface TestStore extends Store {
  advance(ms: number): void;
  now(): number;
  end(): Promise<void>;
}

export async function openStore(): Promise<TestStore> {
  const dir = await mkdtemp(join(tmpdir(), 'belfry-hub-'));
  const skew = new Float64Array(new SharedArrayBuffer(8));
  const store = await openSqliteStore({ dir, skew });
  return {
    epoch: store.epoch,
    place: store.place,
    shared: store.shared,
    commit: (...call) => store.commit(...call),
    read: (...call) => store.read(...call),
    close: () => store.close(),
    now: () => Date.now() + (skew[0] as number),
    advance: (ms) => {
      skew[0] = (skew[0] as number) + ms;
    },
    end: async () => {
      await store.close();
      await rm(dir, { recursive: true });
    },
  };
}

export interface TestHubOptions extends HubOptions {
  /** The tenant of another hub on the same store. */
  tenant?: string;
  /** Stands between core and the hub: what it passes on, and when. */
  announce?: (events: readonly LogEvent[], on: (events: readonly LogEvent[]) => void) => void;
  /** Stands before the store. */
  read?: (call: Parameters<Store['read']>, on: (_?: unknown) => Promise<unknown>) => Promise<unknown>;
}

let tenants = 0;

/** A hub on a store, in a tenant of its own. */
export class TestHub {
  readonly hub: Hub;
  readonly core: Core;
  readonly tenant: string;
  readonly streams: TestStream[] = [];

  constructor(store: TestStore, options: TestHubOptions = {}) {
    tenants += 1;
    this.tenant = options.tenant ?? `t${tenants}`;
    this.hub = new Hub(options);
    const announce = options.announce ?? ((events, on) => on(events));
    const between = options.read ?? ((_, on) => on());
    const read = (...call: Parameters<Store['read']>) => between(call, () => store.read(...call));
    this.core = createCore({
      store: { ...store, read } as Store,
      clock: store,
      announce: (events) => announce(events, this.hub.announce),
    });
    this.hub.attach(this.core);
  }

  open(request: StreamRequest, paused = false): TestStream {
    const stream = new TestStream(this.hub, request, paused);
    this.streams.push(stream);
    return stream;
  }

  async openLive(request: StreamRequest): Promise<TestStream> {
    const stream = this.open(request);
    await stream.live();
    return stream;
  }

  /** Publishes an own event, which is the cheapest; gives its cursor. */
  async tell(to: string | string[], data: number | string | object = 0, type = 'test.told'): Promise<string> {
    const { value } = await this.core.events.publish(this.tenant, { to: [to].flat(), type, data: data as never });
    return value.cursor;
  }

  async notify(to: string | string[], title = 'x', more: object = {}) {
    const service: Service = { kind: 'service', tenant: this.tenant, key: 'test', scopes: ['publish'], tenants: 'all' };
    const { value } = await this.core.notifications.publish(service, { to: [to].flat(), type: 'note', title, ...more });
    return value;
  }

  /** One commit with so many events. */
  async tellMany(count: number, to: string | string[], title = 'x') {
    const one = { to: [to].flat(), type: 'note', title };
    const { value } = await this.core.notifications.publishBatch(this.tenant, Array(count).fill(one));
    return value;
  }

  person(user: string, more: Partial<Person> = {}): Person {
    const nobody = {
      name: null,
      avatarUrl: null,
      roles: [],
      channels: [],
      readOnly: false,
      since: null,
      expiresAt: null,
    };
    return { kind: 'person', tenant: this.tenant, user, ...nobody, ...more };
  }

  service(): Service {
    return { kind: 'service', tenant: this.tenant, key: 'reader', scopes: ['read'], tenants: 'all' };
  }

  request(
    principal: Person | Service | string,
    more: Partial<StreamRequest> & { channels?: string[] } = {},
  ): StreamRequest {
    const who = typeof principal === 'string' ? this.person(principal) : principal;
    const { channels, ...rest } = more;
    const only = channels === undefined ? {} : { only: channels };
    const held = { principal: who, rows: NO_ROWS, grants: narrowed(grantsOfPrincipal(who), channels), ...only };
    return { ...held, filters: {}, cursor: null, access: null, wantsState: true, device: null, ...rest };
  }

  /** The cursors of all that a reader of these channels is entitled to, as the store has it. */
  async stored(grants: Grants = EVERYTHING, after = 0): Promise<string[]> {
    const ids: string[] = [];
    for (let from = after; ; ) {
      const range = {
        log: this.tenant,
        after: from,
        upTo: Number.MAX_SAFE_INTEGER,
        grants,
        limit: 1_000,
        maxBytes: 1e9,
      };
      const { events, upTo } = await this.core.store.read('readLog', range);
      ids.push(...events.map((event) => formatCursor(this.core.store.epoch, event)));
      if (events.length === 0) return ids;
      from = upTo;
    }
  }

  close(): void {
    this.hub.close();
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
