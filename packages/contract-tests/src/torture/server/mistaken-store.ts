import type { Committed, Idempotency, Store, WriteName, Writes } from '@belfry/core';
import type { SqlMistake } from './order.ts';

type Rows = Writes['relay']['in']['rows'];
type EventRow = Extract<Rows[number], { event: object }>;

/** A store that makes mistakes, one after the other, with what was published by SQL. */
export class MistakenStore implements Store {
  readonly #store: Store;
  readonly #mistakes: SqlMistake[];

  constructor(store: Store, mistakes: readonly SqlMistake[]) {
    this.#store = store;
    this.#mistakes = [...mistakes];
  }

  get epoch(): string {
    return this.#store.epoch;
  }

  get place(): string {
    return this.#store.place;
  }

  get shared(): boolean {
    return this.#store.shared;
  }

  async commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>> {
    const pair = name === 'relay' ? pairIn(input as Writes['relay']['in']) : null;
    const mistake = pair === null ? undefined : this.#mistakes.shift();
    if (pair === null || mistake === undefined) return this.#store.commit(name, input, idempotency);
    const committed = await this.#store.commit(name, spoilt(pair, mistake) as Writes[Name]['in'], idempotency);
    // Another process was faster: its relay took the rows, and nothing came of the mistake.
    if (!committed.events.some(({ data }) => data === pair.other.event.data)) this.#mistakes.unshift(mistake);
    return committed;
  }

  read: Store['read'] = (name, input) => this.#store.read(name, input);

  close = (): Promise<void> => this.#store.close();
}

/** What is to be relayed, and two of its events whose order is known. */
interface Pair {
  relayed: Writes['relay']['in'];
  at: number;
  one: EventRow;
  other: EventRow;
}

function pairIn(relayed: Writes['relay']['in']): Pair | null {
  const { rows } = relayed;
  const at = rows.findIndex((_, index) => isPair(rows, index));
  if (at === -1) return null;
  const [one, other] = rows.slice(at, at + 2) as [EventRow, EventRow];
  return { relayed, at, one, other };
}

function spoilt({ relayed, at, one, other }: Pair, mistake: SqlMistake): Writes['relay']['in'] {
  const made = {
    drop: [{ id: one.id, reason: 'by mistake' }, other],
    swap: [other, one],
    repeat: [one, one, other],
    misdeliver: [{ ...one, event: { ...one.event, to: ['user:nobody'] } } as EventRow, other],
  };
  return { ...relayed, rows: relayed.rows.toSpliced(at, 2, ...made[mistake]) };
}

/** Two events of one transaction: only these have an order. */
function isPair(rows: Rows, at: number): boolean {
  const transaction = transactionOf(rows[at]);
  return transaction !== null && transaction === transactionOf(rows[at + 1]);
}

/** Markers are `<transaction>.<call>`. */
function transactionOf(row: Rows[number] | undefined): string | null {
  if (row === undefined || !('event' in row)) return null;
  const { marker } = JSON.parse(row.event.data) as { marker: string };
  return marker.slice(0, marker.lastIndexOf('.'));
}
