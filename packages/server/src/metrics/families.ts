import { exposedNumber, labelled } from './spelling.ts';

/** A metric by one name, with all of its series, as lines of the exposition format. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  lines(): Iterable<string>;
}

interface Series<Value> {
  labels: string;
  value: Value;
}

/** The series of one name, by the values of its labels. Those come from closed lists, never from what a client says. */
class SeriesByLabels<Value> {
  readonly #names: readonly string[];
  readonly #make: () => Value;
  readonly #byValues = new Map<string, Series<Value>>();
  /** Asked for last, and most likely next: in a storm nothing else is. */
  #last: { values: readonly string[]; series: Series<Value> } | null = null;

  constructor(names: readonly string[], make: () => Value) {
    this.#names = names;
    this.#make = make;
    // What has no labels is there from the start: a series that is missing says less than 0.
    if (names.length === 0) this.of([]);
  }

  of(values: readonly string[]): Series<Value> {
    if (this.#last !== null && isSame(this.#last.values, values)) return this.#last.series;
    const series = this.#find(values);
    this.#last = { values, series };
    return series;
  }

  #find(values: readonly string[]): Series<Value> {
    const key = values.length === 1 ? (values[0] as string) : values.join('\n');
    let known = this.#byValues.get(key);
    if (known === undefined) {
      known = { labels: labelled(this.#names, values), value: this.#make() };
      this.#byValues.set(key, known);
    }
    return known;
  }

  all(): Iterable<Series<Value>> {
    return this.#byValues.values();
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** Only grows. Its name ends in `_total`. */
export class Counter implements Family {
  readonly type = 'counter';
  readonly name: string;
  readonly help: string;
  readonly #series: SeriesByLabels<number>;

  constructor(name: string, help: string, labels: readonly string[] = []) {
    this.name = name;
    this.help = help;
    this.#series = new SeriesByLabels(labels, () => 0);
  }

  add(by: number, ...labels: readonly string[]): void {
    this.#series.of(labels).value += by;
  }

  *lines(): Iterable<string> {
    for (const { labels, value } of this.#series.all()) yield `${this.name}${labels} ${exposedNumber(value)}`;
  }
}

/** One number, or one for each value of a label. */
export type Reading = number | Readonly<Record<string, number>>;

/** What is known elsewhere, and looked at when it is asked for. */
export class Watched implements Family {
  readonly type: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly #label: string;
  readonly #read: () => Reading;

  constructor(type: 'counter' | 'gauge', name: string, help: string, read: () => Reading, label = '') {
    this.type = type;
    this.name = name;
    this.help = help;
    this.#read = read;
    this.#label = label;
  }

  *lines(): Iterable<string> {
    const reading = this.#read();
    if (typeof reading === 'number') yield `${this.name} ${exposedNumber(reading)}`;
    else {
      for (const [value, number] of Object.entries(reading)) {
        yield `${this.name}${labelled([this.#label], [value])} ${exposedNumber(number)}`;
      }
    }
  }
}

interface Observed {
  /** How many fell into each bucket and no lower one; one more for what is above all bounds. */
  counts: number[];
  sum: number;
}

/** How observations are spread over `bounds`, which rise. */
export class Histogram implements Family {
  readonly type = 'histogram';
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  readonly #series: SeriesByLabels<Observed>;

  constructor(name: string, help: string, bounds: readonly number[], labels: readonly string[] = []) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
    this.#series = new SeriesByLabels(labels, () => ({ counts: Array(bounds.length + 1).fill(0), sum: 0 }));
  }

  observe(value: number, ...labels: readonly string[]): void {
    const { value: observed } = this.#series.of(labels);
    let at = 0;
    while (at < this.#bounds.length && value > (this.#bounds[at] as number)) at += 1;
    observed.counts[at] = (observed.counts[at] as number) + 1;
    observed.sum += value;
  }

  *lines(): Iterable<string> {
    for (const { labels, value } of this.#series.all()) {
      let count = 0;
      for (const [at, inBucket] of value.counts.entries()) {
        count += inBucket;
        const bound = this.#bounds[at] ?? Number.POSITIVE_INFINITY;
        yield `${this.name}_bucket${withBound(labels, bound)} ${count}`;
      }
      yield `${this.name}_sum${labels} ${exposedNumber(value.sum)}`;
      yield `${this.name}_count${labels} ${count}`;
    }
  }
}

function withBound(labels: string, bound: number): string {
  const le = `le="${exposedNumber(bound)}"`;
  return labels === '' ? `{${le}}` : `${labels.slice(0, -1)},${le}}`;
}
