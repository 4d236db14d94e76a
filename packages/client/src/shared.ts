/** Whoever asks has yet to subscribe, so what nobody uses must live on for a moment. */
const MOST_UNUSED = 10;

/** One value a key, for all who ask while it is in use. */
export class Shared<Value> {
  readonly #values = new Map<string, { value: Value; used: boolean }>();

  /** What is made says by `onUse` when somebody begins to use it, and when nobody does any more. */
  get(key: string, make: (onUse: (used: boolean) => void) => Value): Value {
    const found = this.#values.get(key);
    if (found !== undefined) return found.value;
    const value: Value = make((used) => {
      if (used) this.#use(key, value);
      else if (this.#values.get(key)?.value === value) this.#values.delete(key);
    });
    this.#values.set(key, { value, used: false });
    const unused = [...this.#values].filter(([, { used }]) => !used);
    for (const [old] of unused.slice(0, -MOST_UNUSED)) this.#values.delete(old);
    return value;
  }

  /** It may have been let go meanwhile, and somebody has kept it. */
  #use(key: string, value: Value): void {
    if (this.#values.get(key)?.used !== true) this.#values.set(key, { value, used: true });
  }

  /** Those in use. */
  get used(): Value[] {
    return [...this.#values.values()].filter(({ used }) => used).map(({ value }) => value);
  }
}
