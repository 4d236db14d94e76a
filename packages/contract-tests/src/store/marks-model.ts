import type { Reader, Store } from '@belfry/core';
import { MARKS, type Mark, matchesType } from '@belfry/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countsOf, listed, numberOf, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { draft, newTenant, reader } from './samples.ts';

const TYPES = ['a', 'b.x', 'b.y'];
const CHANNELS = [['user:ada'], ['all'], ['all', 'user:ada'], ['role:dev'], ['user:ben'], ['topic:p/1', 'all']];

type Step =
  | { do: 'publish'; to: string[]; type: string }
  | { do: 'mark'; mark: Mark; picks: number[] }
  | { do: 'markUpTo'; mark: 'seen' | 'read' | 'archived'; upTo: number | null; types: string[] | null }
  | { do: 'withdraw'; pick: number };

const pick = fc.nat({ max: 40 });
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
      mark: fc.constantFrom(...MARKS),
      picks: fc.array(pick, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('markUpTo'),
      mark: fc.constantFrom('seen', 'read', 'archived'),
      upTo: fc.option(pick),
      types: fc.option(fc.constantFrom(['a'], ['b.*'], ['b.x', 'a'], ['*'])),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw'), pick }) },
) as fc.Arbitrary<Step>;

interface Item {
  id: string;
  n: number;
  type: string;
  to: string[];
  seen: boolean;
  read: boolean;
  archived: boolean;
}

/** The whole truth about one person's inbox, as simply as it can be said. */
class Model {
  items: Item[] = [];
  head = 0;

  publish(to: string[], type: string): Item {
    this.head += 1;
    const item = { id: crypto.randomUUID(), n: this.head, type, to, seen: false, read: false, archived: false };
    this.items.push(item);
    return item;
  }

  theirs(who: Reader): Item[] {
    return this.items.filter((item) => item.to.some((channel) => who.grants.exact.includes(channel)));
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

async function take(store: Store, tenant: string, who: Reader, model: Model, one: Step): Promise<void> {
  const at = (index: number) => model.items[index % Math.max(1, model.items.length)];
  if (one.do === 'publish') {
    const { id } = model.publish(one.to, one.type);
    await store.commit('publish', { tenant, drafts: [draft({ id, to: one.to, type: one.type })] });
  } else if (one.do === 'withdraw') {
    const item = at(one.pick);
    if (!item) return;
    await store.commit('withdraw', { tenant, id: item.id });
    model.withdraw(item);
  } else if (one.do === 'mark') {
    const items = new Set(one.picks.map(at).filter((item) => item !== undefined));
    const theirs = model.theirs(who).filter((item) => items.has(item));
    const work = store.commit('mark', { reader: who, ids: [...items].map((item) => item.id), mark: one.mark });
    if (theirs.length === 0) expect((await refusal(work)).code).toBe('not_found');
    else expect((await work).events).toHaveLength(model.mark(theirs, one.mark) ? 1 : 0);
  } else {
    const upTo = one.upTo ?? model.head;
    const passed = model
      .theirs(who)
      .filter((item) => item.n <= upTo && matchesType(one.types ?? undefined, item.type) && !item[one.mark]);
    const { events } = await store.commit('markUpTo', {
      reader: who,
      mark: one.mark,
      upTo: one.upTo,
      types: one.types,
    });
    expect(events).toHaveLength(model.mark(passed, one.mark) ? 1 : 0);
  }
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

/** Random sequences of what people and senders do, compared with a model that holds everything in full. */
export function marksModelSuite(open: SharedStore): void {
  describe('marks against a model', () => {
    const store = () => open().store;

    test('agree after any sequence of publishing, marking and withdrawing', async () => {
      const sequences = fc.array(step, { minLength: 1, maxLength: 25 });
      await fc.assert(
        fc.asyncProperty(sequences, async (steps) => {
          const tenant = newTenant();
          const who = reader(tenant, 'ada', { roles: ['dev'] });
          const model = new Model();
          for (const one of steps) await take(store(), tenant, who, model, one);
          await compare(store(), who, model);
          expect((await store().read('locate', { tenant, n: 0 })).head.n).toBe(model.head);
        }),
        { numRuns: 120 },
      );
    }, 60_000);
  });
}
