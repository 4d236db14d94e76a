import { expect, test } from 'vitest';
import { createStore } from '../src/store.ts';

interface Snapshot {
  items: { id: string; tags: string[] }[];
  count: number;
}

const TAGS = ['a'];

function open() {
  let value: Snapshot = { items: [{ id: 'i1', tags: TAGS }], count: 1 };
  const store = createStore<Snapshot>(() => ({ ...value, items: value.items.map((item) => ({ ...item })) }), fail);
  const heard: Snapshot[] = [];
  const set = (next: Partial<Snapshot>): void => {
    value = { ...value, ...next };
    store.touch();
  };
  return { store, set, heard, listen: () => store.subscribe(() => heard.push(store.getSnapshot())) };
}

function fail(error: unknown): void {
  throw error;
}

const turn = (): Promise<void> => Promise.resolve();

test('a touch that changed nothing is told to nobody, and leaves the snapshot the same object', async () => {
  const { store, set, heard, listen } = open();
  listen();
  const before = store.getSnapshot();
  set({});
  await turn();
  expect(heard).toEqual([]);
  expect(store.getSnapshot()).toBe(before);
});

test('a change is told once a turn, whether or not somebody looked before', async () => {
  const { store, set, heard, listen } = open();
  listen();
  set({ count: 2 });
  expect(store.getSnapshot().count).toBe(2);
  set({ count: 3 });
  await turn();
  expect(heard.map(({ count }) => count)).toEqual([3]);
});

test('a change in an item, in how many there are and in their order are changes', async () => {
  const { set, heard, listen } = open();
  listen();
  const [a, b] = [
    { id: 'i1', tags: ['b'] },
    { id: 'i2', tags: TAGS },
  ];
  for (const items of [[a], [a, b], [b, a], []]) {
    set({ items });
    await turn();
  }
  expect(heard.map(({ items }) => items.map(({ id }) => id))).toEqual([['i1'], ['i1', 'i2'], ['i2', 'i1'], []]);
});

test('what changed while nobody listened is not told to who comes later', async () => {
  const { set, heard, listen } = open();
  listen()();
  set({ count: 9 });
  listen();
  set({});
  await turn();
  expect(heard).toEqual([]);
  set({ count: 10 });
  await turn();
  expect(heard.map(({ count }) => count)).toEqual([10]);
});
