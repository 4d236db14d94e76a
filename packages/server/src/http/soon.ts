/**
 * Goes on at once with what is there, and else when it is. Of who comes back in a storm all is known already: a promise
 * at each step would cost more than the steps.
 */
export function soon<Value, Next>(
  value: Value | Promise<Value>,
  next: (value: Value) => Next | Promise<Next>,
): Next | Promise<Next> {
  return isLater(value) ? Promise.resolve(value).then(next) : next(value);
}

/** What comes of it, or of its failure, now or later. */
export function orElse<Value>(
  work: () => Value | Promise<Value>,
  failed: (error: unknown) => Value | Promise<Value>,
): Value | Promise<Value> {
  try {
    const value = work();
    return isLater(value) ? Promise.resolve(value).catch(failed) : value;
  } catch (error) {
    return failed(error);
  }
}

/** As `await` sees it: what an app gives may be a promise of its own kind, or of another realm. */
function isLater<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof (value as Partial<Promise<Value>> | null | undefined)?.then === 'function';
}
