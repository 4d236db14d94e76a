/** Whoever asks has yet to subscribe, so what nobody uses must live on for a moment. */
const MOST_UNUSED = 10;

/** One value a key, for all who ask while it is in use. */
export interface Shared<Value extends object> {
  /** What is made says by `onUse` when somebody begins to use it, and when nobody does any more. */
  get(key: string, make: (onUse: (used: boolean) => void) => Value): Value;
  /** Those in use. */
  used(): Value[];
  /** All that somebody may still look at, those too that nobody uses just now. */
  alive(): Value[];
}

export function createShared<Value extends object>(): Shared<Value> {
  const kept = new Map<string, { value: Value; used: boolean }>();
  /** What was let go here may be held by who asked for it, and be used again. */
  let made: WeakRef<Value>[] = [];
  const alive = (): Value[] => made.flatMap((one) => one.deref() ?? []);
  return {
    get: (key, make) => {
      const found = kept.get(key);
      if (found !== undefined) return found.value;
      const value: Value = make((used) => {
        const now = kept.get(key);
        // It may have been let go meanwhile, and somebody has kept it.
        if (used && !now?.used) kept.set(key, { value, used });
        if (!used && now?.value === value) kept.delete(key);
      });
      kept.set(key, { value, used: false });
      made = [...made.filter((one) => one.deref()), new WeakRef(value)];
      const unused = [...kept].filter(([, { used }]) => !used);
      for (const [old] of unused.slice(0, -MOST_UNUSED)) kept.delete(old);
      return value;
    },
    used: () => [...kept.values()].filter(({ used }) => used).map(({ value }) => value),
    alive,
  };
}
