/** What a creating call came to. */
export interface Published<Item> {
  readonly value: Item;
  /** True where the Idempotency-Key had been used: this is the first answer again. */
  replayed: boolean;
  /**
   * `value` as JSON, in pieces, where the log has it as text already: to write it anew costs more than to store it, and
   * to put it together as much.
   */
  json?: readonly string[] | undefined;
}

/** One whose value is made where it is asked for. A class, as `createdBy` says. */
export class PublishedLate<Item> implements Published<Item> {
  readonly replayed: boolean;
  readonly json: readonly string[] | undefined;
  readonly #value: () => Item;

  /** @param json called only of what is new. */
  constructor(replayed: boolean, json: () => readonly string[], value: () => Item) {
    this.replayed = replayed;
    this.json = replayed ? undefined : json();
    this.#value = value;
  }

  get value(): Item {
    return this.#value();
  }
}
