import { BelfryError } from '@belfry/protocol';
import { INVALIDATED } from './entitlement.ts';
import type { Reader } from './principal.ts';
import type { Store } from './store/port.ts';

/**
 * A store throws it where a reader's `answeredAt` is not as far as their last `access.invalidated` in the snapshot that it
 * looks at. Nobody else sees it: the app is asked again, and the store after it.
 */
export function accessHasMoved(): BelfryError {
  return new BelfryError('forbidden', 'What this person may see has just changed.', { field: INVALIDATED });
}

function isMoved(error: unknown): boolean {
  return error instanceof BelfryError && error.code === 'forbidden' && error.field === INVALIDATED;
}

/**
 * A store that shows and lets do what the app's own rules say at that very place of the log: an app is asked before the
 * store is, and may take its answer back in between.
 *
 * @param again gives a reader with what they hold now.
 */
export function withFreshAccess(store: Store, again: (reader: Reader) => Promise<Reader>): Store {
  async function judged<Input, Result>(input: Input, ask: (input: Input) => Promise<Result>): Promise<Result> {
    try {
      return await ask(input);
    } catch (error) {
      const { reader } = input as { reader?: Reader | null };
      if (!isMoved(error) || reader == null) throw error;
      return judged({ ...input, reader: await again(reader) }, ask);
    }
  }
  return {
    epoch: store.epoch,
    place: store.place,
    shared: store.shared,
    commit: (name, input, idempotency) => judged(input, (judgedInput) => store.commit(name, judgedInput, idempotency)),
    read: (name, input) => judged(input, (judgedInput) => store.read(name, judgedInput)),
    close: () => store.close(),
  };
}
