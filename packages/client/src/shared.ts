/** Whoever asks has yet to subscribe, so what nobody uses must live on for a moment. */
const MOST_UNUSED = 10;

/** One value a key, for all who ask while it is in use. */
export interface Shared<Value> {
  /** What is made says by `onUse` when somebody begins to use it, and when nobody does any more. */
  get(key: string, make: (onUse: (used: boolean) => void) => Value): Value;
  /** Those in use. */
  used(): Value[];
}

export function createShared<Value>(): Shared<Value> {
  const kept = new Map<string, { value: Value; used: boolean }>();
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
      const unused = [...kept].filter(([, { used }]) => !used);
      for (const [old] of unused.slice(0, -MOST_UNUSED)) kept.delete(old);
      return value;
    },
    used: () => [...kept.values()].filter(({ used }) => used).map(({ value }) => value),
  };
}
