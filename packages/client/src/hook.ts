/** Listeners to one thing. What one of them throws keeps nothing from the others. */
export interface Hook<Values extends unknown[]> {
  /** The answer ends it. The same function added twice is called twice. */
  add: (listener: (...values: Values) => void) => () => void;
  isEmpty(): boolean;
  call(...values: Values): void;
}

export function createHook<Values extends unknown[]>(report: (error: unknown) => void): Hook<Values> {
  const listeners = new Set<{ call: (...values: Values) => void }>();
  return {
    add: (listener) => {
      const own = { call: listener };
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    isEmpty: () => listeners.size === 0,
    call: (...values) => {
      for (const { call } of [...listeners]) safely(report, () => call(...values));
    },
  };
}

/** What the app's own handlers throw is theirs, and must not cost others their turn. */
export function safely(report: (error: unknown) => void, run: () => void): void {
  try {
    run();
  } catch (error) {
    report(error);
  }
}
