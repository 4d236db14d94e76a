import type { Committed, Idempotency, Store, WriteName, Writes } from '@belfry/core';
import type { Mistake } from './order.ts';

type Rows = Writes['relay']['in']['rows'];
type EventRow = Extract<Rows[number], { event: object }>;

/** A store that makes mistakes, one after the other, with what was published by SQL. */
export class MistakenStore implements Store {
  readonly #store: Store;
  readonly #mistakes: Mistake[];

  constructor(store: Store, mistakes: readonly Mistake[]) {
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

  commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>> {
    const given = name === 'relay' ? this.#mistaken(input as Writes['relay']['in']) : input;
    return this.#store.commit(name, given as Writes[Name]['in'], idempotency);
  }

  read: Store['read'] = (name, input) => this.#store.read(name, input);

  close = (): Promise<void> => this.#store.close();

  #mistaken({ tenant, rows }: Writes['relay']['in']): Writes['relay']['in'] {
    const at = rows.findIndex((_, index) => isPair(rows, index));
    const mistake = at === -1 ? undefined : this.#mistakes.shift();
    if (mistake === undefined) return { tenant, rows };
    const [one, other] = rows.slice(at, at + 2) as [EventRow, EventRow];
    const made = {
      drop: [{ id: one.id, reason: 'by mistake' }, other],
      swap: [other, one],
      repeat: [one, one, other],
      misdeliver: [{ ...one, event: { ...one.event, to: ['user:nobody'] } } as EventRow, other],
    };
    return { tenant, rows: rows.toSpliced(at, 2, ...made[mistake]) };
  }
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
