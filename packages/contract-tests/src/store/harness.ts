import type { Store } from '@belfry/core';
import { afterAll, beforeAll } from 'vitest';

/** What an engine's caller gives the suites: databases of its own, empty and thrown away afterwards. */
export interface StoreHarness {
  open(): Promise<OpenStore>;
}

export interface OpenStore {
  readonly store: Store;
  /** Closes and opens the same data again. */
  reopen(): Promise<Store>;
  /** The store's clock, in milliseconds, and what moves it on. */
  now(): number;
  turnClock(ms: number): void;
  /** Closes the store and removes its data. */
  close(): Promise<void>;
}

/** The database that most tests share, each with a tenant of its own. */
export type SharedStore = () => OpenStore;

/** One database for all tests around. Opening one takes longer than most of them. */
export function sharedStore(harness: StoreHarness): SharedStore {
  let open: OpenStore | undefined;
  beforeAll(async () => {
    open = await harness.open();
  });
  afterAll(() => open?.close());
  return () => {
    if (!open) throw new Error('The store is not open yet.');
    return open;
  };
}

/** A database of its own, for what reopens it or turns its clock. */
export async function ownStore<Result>(
  harness: StoreHarness,
  use: (open: OpenStore) => Promise<Result>,
): Promise<Result> {
  const open = await harness.open();
  try {
    return await use(open);
  } finally {
    await open.close();
  }
}
