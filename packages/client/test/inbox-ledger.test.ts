import { type EventEnvelope, MARKS, type Mark, type Notification } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Intent } from '../src/inbox/intents.ts';
import { createInboxLedger, type Journal } from '../src/inbox/ledger.ts';
import { isUnread, isUnseen, shownItems } from '../src/inbox/state.ts';
import { ModelInbox } from './support/model-inbox.ts';
import { cursor } from './support/scripted-server.ts';

type Outcome = 'taken' | 'refused' | 'answer lost';

type Step =
  | { do: 'create' | 'deliver' | 'decide' | 'answer' | 'reconnect' | 'heartbeat'; outcome: Outcome }
  | { do: 'mark' | 'foreign mark' | 'edit' | 'withdraw'; at: number; mark: Mark }
  | { do: 'mark all'; mark: 'seen' | 'read' | 'archived' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'create',
        'deliver',
        'deliver',
        'decide',
        'decide',
        'answer',
        'answer',
        'heartbeat',
        'reconnect',
      ),
      outcome: fc.constantFrom<Outcome>('taken', 'taken', 'refused', 'answer lost'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('mark', 'mark', 'foreign mark', 'edit', 'withdraw'),
      at: fc.nat({ max: 5 }),
      mark: fc.constantFrom(...MARKS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('mark all'), mark: fc.constantFrom('seen', 'read', 'archived') }),
  },
) as fc.Arbitrary<Step>;

interface Request {
  intent: Intent;
  stage: 'queued' | 'sent' | 'decided';
  outcome: Outcome;
}

/** A ledger against a model of the server, with a stream and answers that both come late and in any mixture. */
class Play {
  readonly server = new ModelInbox();
  readonly ledger = createInboxLedger();
  readonly #stream: (EventEnvelope | 'heartbeat')[] = [];
  readonly #requests: Request[] = [];
  /** Items asked for by id; read by the server at one moment, and here at a later one. */
  #lookups: { id: string; journal: Journal; item?: Notification | undefined; read: boolean }[] = [];
  #position = 0;
  /** As on a stream of other types or grants: counts are read when their event is sent, which may be late. */
  readonly #ownCounts: boolean;

  constructor(ownCounts = false) {
    this.#ownCounts = ownCounts;
    for (let count = 0; count < 4; count += 1) this.server.create();
    this.#reconnect();
  }

  run(step: Step): void {
    if (step.do === 'create') this.#emit(this.server.create());
    else if (step.do === 'deliver') this.#deliver();
    else if (step.do === 'decide') this.#decide(step.outcome);
    else if (step.do === 'answer') this.#answer();
    else if (step.do === 'reconnect') this.#reconnect();
    // Heartbeats are far apart: never two on their way.
    else if (step.do === 'heartbeat') this.#stream.includes('heartbeat') || this.#stream.push('heartbeat');
    else if (step.do === 'mark') this.#mark([this.#pick(step.at)], null, step.mark);
    else if (step.do === 'mark all') this.#mark([], this.#position, step.mark);
    else if (step.do === 'foreign mark') this.#emit(this.server.mark([this.#pick(step.at)], null, step.mark));
    else if (step.do === 'edit') this.#emit(this.server.edit(this.#pick(step.at), 'edited'));
    else if (step.do === 'withdraw') this.#emit(this.server.withdraw(this.#pick(step.at)));
  }

  /** Lets everything under way arrive. */
  finish(): void {
    while (this.#requests.length + this.#stream.length + this.#lookups.length > 0) {
      this.#decide('taken');
      this.#answer();
      this.#deliver();
    }
    this.ledger.checkpoint();
    this.ledger.checkpoint();
  }

  /** What is shown and what the server has, in comparable words. */
  get compared(): [unknown, unknown] {
    const view = this.ledger.view();
    const { server } = this;
    return [
      { items: shownItems(view).map(facts), unread: view.unread, unseen: view.unseen },
      { items: server.page(100).items.map(facts), unread: server.unread, unseen: server.unseen },
    ];
  }

  #pick(at: number): string {
    return this.server.items[at % Math.max(1, this.server.items.length)]?.id ?? 'none';
  }

  #emit(event: EventEnvelope | null): void {
    if (event !== null) this.#stream.push(Object.assign(event, { n: this.server.n }));
  }

  #deliver(): void {
    const next = this.#stream.shift();
    if (next === undefined) return;
    if (next === 'heartbeat') this.ledger.checkpoint();
    else this.#take(this.#ownCounts && next.type === 'notification.state' ? this.#countedNow(next) : next);
  }

  #countedNow(event: EventEnvelope): EventEnvelope {
    const { unread, unseen, n } = this.server;
    return { ...event, data: { ...(event.data as object), unread, unseen, countsAt: cursor(n) } };
  }

  #take(next: EventEnvelope): void {
    this.#position = (next as unknown as { n: number }).n;
    this.ledger.take(next, this.#position);
    for (const id of this.ledger.takeMissing()) this.#lookups.push({ id, journal: this.ledger.ask(), read: false });
  }

  #mark(ids: string[], upTo: number | null, mark: Mark): void {
    const intent = this.ledger.intend({ ids, upTo, mark, at: 'now' });
    if (intent === null) return;
    this.#requests.push({ intent, stage: 'queued', outcome: 'taken' });
    this.#send();
  }

  #send(): void {
    const [first] = this.#requests;
    if (first?.stage !== 'queued') return;
    first.stage = 'sent';
  }

  #decide(outcome: Outcome): void {
    for (const lookup of this.#lookups.filter(({ read }) => !read)) {
      lookup.item = this.server.items.find(({ id }) => id === lookup.id);
      lookup.read = true;
    }
    const [first] = this.#requests;
    if (first?.stage !== 'sent') return;
    first.stage = 'decided';
    first.outcome = outcome;
    const { ids, upTo, mark } = first.intent.marking;
    if (outcome !== 'refused') this.#emit(this.server.mark(ids, upTo, mark));
  }

  #answer(): void {
    for (const { journal, item } of this.#lookups.filter(({ read }) => read)) {
      if (item === undefined) this.ledger.drop(journal);
      else this.ledger.itemsCame(journal, [item]);
    }
    this.#lookups = this.#lookups.filter(({ read }) => !read);
    const [first] = this.#requests;
    if (first?.stage !== 'decided') return;
    this.#requests.shift();
    if (first.outcome === 'taken') this.ledger.accepted(first.intent);
    else this.ledger.takeBack(first.intent);
    this.#send();
  }

  #reconnect(): void {
    this.#stream.length = 0;
    this.#position = this.server.n;
    this.ledger.connected();
    this.ledger.stateCame({ notifications: this.server.page(50), questions: [], runs: [] });
  }
}

const facts = ({ id, title, seenAt, readAt }: Notification) => ({
  id,
  title,
  seen: seenAt !== null,
  read: readAt !== null,
});

test('whatever the order of events, marks, failures and reconnects, the inbox ends as the server has it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, ownCounts) => {
      const play = new Play(ownCounts);
      for (const one of steps) play.run(one);
      play.finish();
      const [shown, wanted] = play.compared;
      expect(shown).toEqual(wanted);
    }),
    { numRuns: 2_000 },
  );
});

test('at every moment the counts are those of the items, so nothing is counted twice', () => {
  // Of an item that comes back from the archive the counts are here before the item is.
  const kept = step.filter((one) => !('mark' in one) || one.mark !== 'unarchived');
  fc.assert(
    fc.property(fc.array(kept, { maxLength: 60 }), (steps) => {
      const play = new Play();
      for (const one of steps) {
        play.run(one);
        const view = play.ledger.view();
        const items = [...view.items.values()];
        expect(view.unread).toBe(items.filter(isUnread).length);
        expect(view.unseen).toBe(items.filter(isUnseen).length);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a mark that nobody contradicts shows from the click on, without a flicker', () => {
  const calm = step.filter((one) => !['foreign mark', 'mark', 'mark all', 'withdraw'].includes(one.do));
  const taken = calm.map((one) => ('outcome' in one ? { ...one, outcome: 'taken' as const } : one));
  fc.assert(
    fc.property(fc.constantFrom(...MARKS), fc.array(taken, { maxLength: 40 }), (mark, steps) => {
      const play = new Play();
      play.run({ do: 'mark', at: 1, mark });
      const shown = () => {
        const item = play.ledger.view().items.get('i2') as Notification | undefined;
        return { gone: item === undefined || item.archivedAt !== null, read: item?.readAt != null };
      };
      const wanted = { gone: mark === 'archived', read: mark === 'read' };
      for (const one of steps) {
        expect({ gone: shown().gone, read: shown().gone ? wanted.read : shown().read }).toEqual(wanted);
        play.run(one);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a mark that was accepted before a new connection is part of its state, also where it was undone since', () => {
  const play = new Play();
  play.run({ do: 'mark', at: 1, mark: 'read' });
  play.run({ do: 'decide', outcome: 'taken' });
  play.run({ do: 'answer', outcome: 'taken' });
  play.run({ do: 'foreign mark', at: 1, mark: 'unread' });
  play.run({ do: 'reconnect', outcome: 'taken' });
  const [shown, wanted] = play.compared;
  expect(shown).toEqual(wanted);
});

test('a mark whose event a state has swallowed and undone is let go after two checkpoints', () => {
  const play = new Play();
  play.run({ do: 'mark', at: 1, mark: 'read' });
  play.run({ do: 'decide', outcome: 'taken' });
  play.run({ do: 'foreign mark', at: 1, mark: 'unread' });
  play.run({ do: 'reconnect', outcome: 'taken' });
  play.finish();
  const [shown, wanted] = play.compared;
  expect(shown).toEqual(wanted);
});
