import { MARKS, type Mark, type Notification } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Part } from '../src/host.ts';
import { inboxOf } from '../src/inbox/store.ts';
import type { Inbox, InboxList, ListFilters } from '../src/index.ts';
import { LateServer, type Outcome } from './support/late-server.ts';

const LISTS: ListFilters[] = [
  {},
  { filter: 'unread' },
  { filter: 'archived' },
  { types: ['build'] },
  { types: ['build'], filter: 'unread' },
];

type Step =
  | { do: 'create' | 'deliver' | 'answer' | 'wait' | 'checkpoint' | 'reconnect' }
  | { do: 'decide'; outcome: Outcome }
  | { do: 'mark' | 'foreign mark' | 'edit' | 'withdraw'; at: number; mark: Mark }
  | { do: 'mark all'; mark: 'seen' | 'read' | 'archived' }
  | { do: 'more'; list: number };

const one = <Name extends string>(...names: Name[]) => fc.record({ do: fc.constantFrom(...names) });
const step = fc.oneof(
  { weight: 9, arbitrary: one('create', 'deliver', 'deliver', 'deliver', 'answer', 'answer', 'wait', 'reconnect') },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('decide'),
      outcome: fc.constantFrom<Outcome>('taken', 'taken', 'taken', 'refused', 'answer lost'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('mark', 'mark', 'foreign mark', 'edit', 'withdraw'),
      at: fc.nat({ max: 9 }),
      mark: fc.constantFrom(...MARKS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('mark all'), mark: fc.constantFrom('seen', 'read', 'archived') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('more'), list: fc.nat({ max: LISTS.length - 1 }) }) },
) as fc.Arbitrary<Step>;

/** The inbox of a client with lists that somebody looks at, and a server that is late. */
class Play {
  readonly server: LateServer;
  readonly inbox: Inbox;
  #part!: Part;
  readonly lists: InboxList[];

  constructor() {
    this.server = new LateServer((event, cursor) => this.#part.take(event, cursor));
    const add = (part: Part): void => {
      this.#part = part;
    };
    this.inbox = inboxOf({ host: { ...this.server.host, add } });
    this.lists = LISTS.map((filters) => this.inbox.list(filters));
    for (const list of this.lists) list.subscribe(() => {});
    for (let count = 0; count < 8; count += 1) this.#create();
    this.#reconnect();
  }

  run(next: Step): void {
    const { server } = this;
    if (next.do === 'create') this.#create();
    else if (next.do === 'deliver') server.deliver();
    else if (next.do === 'decide') server.decide(next.outcome);
    else if (next.do === 'answer') server.answer();
    else if (next.do === 'wait') server.runTimers();
    else if (next.do === 'reconnect') this.#reconnect();
    else if (next.do === 'more') void this.lists[next.list]?.loadMore();
    else if (next.do === 'mark all') void this.#markAll(next.mark);
    else this.#change(next as Extract<Step, { at: number }>);
  }

  /** Lets everything under way arrive, and asks again for what had failed. */
  async finish(): Promise<void> {
    await this.#settle();
    for (const list of this.lists) void list.refetch();
    await this.#settle();
    this.#part.checkpoint?.();
    this.#part.checkpoint?.();
  }

  async #settle(): Promise<void> {
    while (!this.server.quiet) {
      this.server.decide('taken');
      this.server.answer();
      this.server.deliver();
      this.server.runTimers();
      await turn();
    }
  }

  #create(): void {
    const { server } = this;
    server.emit(server.inbox.create(server.inbox.n % 2 === 0 ? { type: 'build' } : {}));
  }

  #change(next: { do: string; at: number; mark: Mark }): void {
    const { inbox } = this.server;
    const id = inbox.items[next.at % Math.max(1, inbox.items.length)]?.id ?? 'none';
    if (next.do === 'edit') this.server.emit(inbox.edit(id, 'edited'));
    else if (next.do === 'withdraw') this.server.emit(inbox.withdraw(id));
    else if (next.do === 'foreign mark') this.server.emit(inbox.mark([id], null, next.mark));
    else void this.inbox[CALLS[next.mark]](id);
  }

  #markAll(mark: 'seen' | 'read' | 'archived'): Promise<boolean> {
    return this.inbox[({ seen: 'seenAll', read: 'readAll', archived: 'archiveAll' } as const)[mark]]();
  }

  #reconnect(): void {
    this.server.reconnect();
    this.#part.connected?.({} as never);
    this.#part.stateCame({ notifications: this.server.page(), questions: [], runs: [] });
  }
}

const CALLS = { seen: 'seen', read: 'read', unread: 'unread', archived: 'archive', unarchived: 'unarchive' } as const;

/** Until what was awaited has gone on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const facts = ({ id, title, seenAt, readAt }: Notification) =>
  `${id} ${title}${seenAt === null ? '' : ' seen'}${readAt === null ? '' : ' read'}`;

test('whatever happens in whatever order, no list shows anything twice, misplaced or that does not belong there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
      const play = new Play();
      for (const next of steps) {
        play.run(next);
        await Promise.resolve();
        for (const [at, list] of play.lists.entries()) {
          const { items } = list.getSnapshot();
          const numbers = items.map(({ id }) => Number(id.slice(1)));
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => b - a));
          const { filter, types } = LISTS[at] as ListFilters;
          expect(items.every(({ archivedAt }) => (archivedAt !== null) === (filter === 'archived'))).toBe(true);
          expect(items.every(({ readAt }) => filter !== 'unread' || readAt === null)).toBe(true);
          expect(items.every(({ type }) => types === undefined || type === 'build')).toBe(true);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('once everything has arrived, every list and its counts are as the server has them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
      const play = new Play();
      for (const next of steps) {
        play.run(next);
        if (next.do === 'answer') await turn();
      }
      await play.finish();
      for (const [at, list] of play.lists.entries()) {
        const { filter, types } = LISTS[at] as ListFilters;
        const query = { filter, types: types?.join(',') };
        const { items, unread, unseen, hasMore } = list.getSnapshot();
        const all = play.server.list(query);
        const wanted = hasMore ? all.slice(0, items.length) : all;
        const shown = { items: items.map(facts), unread, unseen };
        expect(shown, JSON.stringify(query)).toEqual({ items: wanted.map(facts), ...play.server.counts(query) });
      }
    }),
    { numRuns: 200 },
  );
});
