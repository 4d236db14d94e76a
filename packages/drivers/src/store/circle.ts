interface Place<Value> {
  key: string;
  value: Value;
  before: Place<Value>;
  after: Place<Value>;
}

/** Values by key, that have their turns one after the other. Each of its steps costs the same, however many there are. */
export class Circle<Value> {
  readonly #places = new Map<string, Place<Value>>();
  /** Whose turn it is. The one before it comes last. */
  #first: Place<Value> | null = null;

  get isEmpty(): boolean {
    return this.#first === null;
  }

  get size(): number {
    return this.#places.size;
  }

  get first(): Value | undefined {
    return this.#first?.value;
  }

  get(key: string): Value | undefined {
    return this.#places.get(key)?.value;
  }

  /** As the last. The key must be new. */
  add(key: string, value: Value): Value {
    const place = { key, value } as Place<Value>;
    this.#places.set(key, place);
    const first = this.#first ?? place;
    place.after = first;
    place.before = this.#first === null ? place : first.before;
    place.before.after = place;
    first.before = place;
    this.#first = first;
    return value;
  }

  /** The first has had its turn: it comes last from now on. */
  turn(): void {
    if (this.#first !== null) this.#first = this.#first.after;
  }

  remove(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    place.before.after = place.after;
    place.after.before = place.before;
    if (this.#first === place) this.#first = place.after === place ? null : place.after;
  }
}
