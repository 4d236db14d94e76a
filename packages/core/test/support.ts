import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { BelfryError } from '@belfry/protocol';
import {
  type Core,
  type CoreOptions,
  createCore,
  type LogEvent,
  type Person,
  type Service,
  type Store,
} from '../src/index.ts';

export interface TestCore extends Core {
  /** What was announced, in order. */
  announced: LogEvent[];
  /** Turns the clocks of core and store. */
  advance(ms: number): void;
  end(): Promise<void>;
}

type Options = Omit<CoreOptions, 'store' | 'clock' | 'announce'> & { around?: (store: Store) => Store };

/** Core on a real store in a folder of its own, with `around` it what a test wants to see. */
export async function openCore({ around = (store) => store, ...options }: Options = {}): Promise<TestCore> {
  const dir = await mkdtemp(join(tmpdir(), 'belfry-core-'));
  const skew = new Float64Array(new SharedArrayBuffer(8));
  const store = await openSqliteStore({ dir, skew });
  const announced: LogEvent[] = [];
  const clock = { now: () => Date.now() + (skew[0] as number) };
  const announce = (events: readonly LogEvent[]) => void announced.push(...events);
  const core = createCore({ ...options, store: around(store), clock, announce });
  return {
    ...core,
    announced,
    advance: (ms) => {
      skew[0] = (skew[0] as number) + ms;
    },
    end: async () => {
      await core.sweeper.stop();
      await store.close();
      await rm(dir, { recursive: true });
    },
  };
}

export function person(user: string, more: Partial<Person> = {}): Person {
  const nobody = {
    name: null,
    avatarUrl: null,
    roles: [],
    channels: [],
    readOnly: false,
    since: null,
    expiresAt: null,
  };
  return { kind: 'person', tenant: 'default', user, ...nobody, ...more };
}

export function service(more: Partial<Service> = {}): Service {
  return {
    kind: 'service',
    tenant: 'default',
    key: 'test',
    scopes: ['publish', 'read', 'admin'],
    tenants: 'all',
    ...more,
  };
}

/** The BelfryError that the work ends with; anything else fails the test. */
export async function refusal(work: Promise<unknown>): Promise<BelfryError> {
  const error = await work.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  if (error instanceof BelfryError) return error;
  throw error;
}
