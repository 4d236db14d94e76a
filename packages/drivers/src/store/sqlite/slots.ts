/** Values by a number, which is used again once its value was taken: a Map would keep what comes and goes (see `UnderWay`). */
export class Slots<Value extends object> {
  #values: (Value | undefined)[] = [];
  #free: number[] = [];

  get size(): number {
    return this.#values.length - this.#free.length;
  }

  put(value: Value): number {
    const at = this.#free.pop() ?? this.#values.length;
    this.#values[at] = value;
    return at;
  }

  take(at: number): Value | undefined {
    const value = this.#values[at];
    if (value === undefined) return undefined;
    this.#values[at] = undefined;
    this.#free.push(at);
    return value;
  }

  takeAll(): Value[] {
    const all = this.#values.filter((value) => value !== undefined);
    this.#values = [];
    this.#free = [];
    return all;
  }
}
