import type { Reader, Store } from '@belfry/core';
import { holds, MARKS, type Mark, matchesType } from '@belfry/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countsOf, listed, numberOf, refusal } from './fixtures.ts';
import type { OpenStore, SharedStore } from './harness.ts';
import { draft, newTenant, reader } from './samples.ts';

const TYPES = ['a', 'b.x', 'b.y'];
const CHANNELS = [
  ['user:ada'],
  ['all'],
  ['all', 'user:ada'],
  ['role:dev'],
  ['user:ben'],
  ['topic:p/1', 'all'],
  ['topic:p/2'],
  ['role:dev', 'role:ops'],
];

/** `by`: which of the person's devices does it. */
type Step =
  | { do: 'publish'; to: string[]; type: string }
  | { do: 'mark'; by: number; mark: Mark; picks: number[] }
  | { do: 'markUpTo'; by: number; mark: 'seen' | 'read' | 'archived'; upTo: number | null; types: string[] | null }
  | { do: 'withdraw'; pick: number };

const pick = fc.nat({ max: 40 });
const by = fc.nat({ max: 299 });
const markUpToParts = {
  do: fc.constant('markUpTo'),
  by,
  mark: fc.constantFrom('seen', 'read', 'archived'),
  upTo: fc.option(pick),
  types: fc.option(fc.constantFrom(['a'], ['b.*'], ['b.x', 'a'], ['*'])),
};
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('publish'),
      to: fc.constantFrom(...CHANNELS),
      type: fc.constantFrom(...TYPES),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('mark'),
      by,
      mark: fc.constantFrom(...MARKS),
      picks: fc.array(pick, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record(markUpToParts) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw'), pick }) },
) as fc.Arbitrary<Step>;

interface Item {
  id: string;
  n: number;
  type: string;
  to: string[];
  createdAt: number;
  seen: boolean;
  read: boolean;
  archived: boolean;
}

type Notified = { id: string; createdAt: string };

/** The whole truth about one person's inbox, as simply as it can be said. */
class Model {
  items: Item[] = [];
  head = 0;

  publish({ id, createdAt }: Notified, to: string[], type: string): void {
    this.head += 1;
    const marks = { seen: false, read: false, archived: false };
    this.items.push({ id, n: this.head, type, to, createdAt: Date.parse(createdAt), ...marks });
  }

  /** Who may have it by a channel, and for a shared one from their `since` on. */
  theirs({ grants, since }: Reader): Item[] {
    const isTheirs = (channel: string, { createdAt }: Item) =>
      holds(grants, channel) && (channel === 'user:ada' || createdAt >= since);
    return this.items.filter((item) => item.to.some((channel) => isTheirs(channel, item)));
  }

  /** Whether anything changed: then the log has grown by one. */
  mark(items: Item[], mark: Mark): boolean {
    const changed = items.map((item) => applied(item, mark)).some(Boolean);
    if (changed) this.head += 1;
    return changed;
  }

  withdraw(item: Item): void {
    this.items = this.items.filter((other) => other !== item);
    this.head += 1;
  }
}

function applied(item: Item, mark: Mark): boolean {
  const before = JSON.stringify(item);
  if (mark === 'unread') item.read = false;
  else if (mark === 'unarchived') item.archived = false;
  else {
    item.seen = true;
    if (mark === 'read') item.read = true;
    if (mark === 'archived') item.archived = true;
  }
  return JSON.stringify(item) !== before;
}

async function take(open: OpenStore, tenant: string, whose: Devices, model: Model, one: Step): Promise<void> {
  const { store } = open;
  const at = (index: number) => model.items[index % Math.max(1, model.items.length)];
  if (one.do === 'publish') {
    open.turnClock(1);
    const { out } = await store.commit('publish', { tenant, drafts: [draft({ to: one.to, type: one.type })] });
    model.publish(out.notifications[0] as Notified, one.to, one.type);
  } else if (one.do === 'withdraw') {
    const item = at(one.pick);
    if (!item) return;
    await store.commit('withdraw', { tenant, id: item.id });
    model.withdraw(item);
  } else if (one.do === 'mark') {
    const who = whose(one.by, model);
    const items = new Set(one.picks.map(at).filter((item) => item !== undefined));
    const theirs = model.theirs(who).filter((item) => items.has(item));
    const work = store.commit('mark', { reader: who, ids: [...items].map((item) => item.id), mark: one.mark });
    if (theirs.length === 0) expect((await refusal(work)).code).toBe('not_found');
    else expect((await work).events).toHaveLength(model.mark(theirs, one.mark) ? 1 : 0);
  } else {
    const who = whose(one.by, model);
    const upTo = one.upTo ?? model.head;
    const passed = model
      .theirs(who)
      .filter((item) => item.n <= upTo && matchesType(one.types ?? undefined, item.type) && !item[one.mark]);
    const { mark, types } = one;
    const { events } = await store.commit('markUpTo', { reader: who, mark, upTo: one.upTo, types });
    expect(events).toHaveLength(model.mark(passed, mark) ? 1 : 0);
  }
}

/** One of the person's devices, by any number. */
type Devices = (by: number, model: Model) => Reader;

/** As tokens differ: in roles, in topics, and in how far back they look. */
function fewDevices(tenant: string): Devices {
  const kinds = [
    {},
    { roles: ['dev'] },
    { roles: ['dev'], channels: ['topic:p/*'] },
    { channels: ['topic:p/1'] },
    { roles: ['ops'] },
  ];
  const readers = kinds.map((kind) => reader(tenant, 'ada', kind));
  return (by, { items }) => {
    const who = readers[by % readers.length] as Reader;
    const from = items[Math.floor(by / 10) % Math.max(1, items.length)];
    return by % 3 !== 0 || from === undefined ? who : { ...who, since: from.createdAt };
  };
}

const MANY = Array.from({ length: 20 }, (_, index) => `role:r${index}`);

/** More grants than are kept, each with something of its own. */
function manyDevices(tenant: string): Devices {
  const roles = MANY.map((channel) => channel.slice('role:'.length));
  return (by) => {
    const some = [by, by + 1].map((index) => roles[index % roles.length] as string);
    return reader(tenant, 'ada', { roles: by % 97 === 0 ? roles : some });
  };
}

async function compare(store: Store, who: Reader, model: Model): Promise<void> {
  const theirs = model.theirs(who).reverse();
  const kept = theirs.filter((item) => !item.archived);
  const ids = async (filter: 'all' | 'unread' | 'archived') =>
    (await listed(store, who, { filter })).map((item) => item.id);
  expect(await ids('all')).toEqual(kept.map((item) => item.id));
  expect(await ids('unread')).toEqual(kept.filter((item) => !item.read).map((item) => item.id));
  expect(await ids('archived')).toEqual(theirs.filter((item) => item.archived).map((item) => item.id));
  expect(await countsOf(store, who)).toEqual({
    unread: kept.filter((item) => !item.read).length,
    unseen: kept.filter((item) => !item.seen).length,
  });
  const shown = [...(await listed(store, who)), ...(await listed(store, who, { filter: 'archived' }))];
  for (const item of shown) {
    const known = theirs.find((other) => other.id === item.id) as Item;
    const marks = [item.seenAt !== null, item.readAt !== null, item.archivedAt !== null];
    expect([numberOf(item), ...marks]).toEqual([known.n, known.seen, known.read, known.archived]);
  }
}

/** Devices that differ in kind and in `since`. */
const COMPARED = [1, 2, 5, 8, 36, 97];

/** Random sequences of what people and senders do, compared with a model that holds everything in full. */
export function marksModelSuite(open: SharedStore): void {
  const agree = (steps: fc.Arbitrary<Step[]>, devices: (tenant: string) => Devices, numRuns: number) =>
    fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const tenant = newTenant();
        const [whose, model] = [devices(tenant), new Model()];
        for (const one of sequence) await take(open(), tenant, whose, model, one);
        for (const by of COMPARED) await compare(open().store, whose(by, model), model);
        expect((await open().store.read('locate', { log: tenant, n: 0 })).head.n).toBe(model.head);
      }),
      { numRuns },
    );

  describe('marks against a model', () => {
    test('agree after any sequence of publishing, marking and withdrawing, by devices of differing grants', async () => {
      // Where each statement is a round trip, a quarter of them: the seeds differ from run to run.
      await agree(sequences(step, 40), fewDevices, open().store.shared ? 10 : 40);
    }, 60_000);

    test('agree where a person’s devices have had more grants than are kept', async () => {
      const type = fc.constantFrom(...TYPES);
      const sent = (to: string) => fc.record({ do: fc.constant('publish'), to: fc.constant([to]), type });
      const all = { upTo: fc.constant(null), types: fc.constant(null) };
      const marked = (_: string, index: number) => fc.record({ ...markUpToParts, by: fc.constant(index + 1), ...all });
      const beginning = fc.tuple(...MANY.map(sent), ...MANY.map(marked)) as fc.Arbitrary<Step[]>;
      await agree(sequences(step, 20, beginning), manyDevices, open().store.shared ? 2 : 6);
    }, 60_000);
  });
}

function sequences(steps: fc.Arbitrary<Step>, maxLength: number, beginning = fc.constant<Step[]>([])) {
  const rest = fc.array(steps, { minLength: 1, maxLength, size: 'max' });
  return fc.tuple(beginning, rest).map((parts) => parts.flat());
}
