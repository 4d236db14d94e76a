import { unless } from '../unless.ts';
import type { Connection, ConnectionHandlers, End, From } from '../ways.ts';
import type { Part } from './part.ts';

/** One try to be connected, whatever part this tab then plays. */
export interface Attempt extends Connection {
  readonly from: From;
  /** Silent once it is over. */
  readonly handlers: ConnectionHandlers;
  isOver: boolean;
  part: Part | null;
  end(event: End['event'], error?: End['error']): void;
}

export function createAttempt(from: From, given: ConnectionHandlers): Attempt {
  const onEnd = (end: End): void => {
    attempt.abort();
    given.onEnd(end);
  };
  const handlers = unless(() => attempt.isOver, { ...given, onEnd });
  const attempt: Attempt = {
    from,
    handlers,
    isOver: false,
    part: null,
    /** Until it is clear what this tab is, there is nobody who could be silent. */
    get patienceMs() {
      return attempt.part === null ? Number.POSITIVE_INFINITY : attempt.part.patienceMs;
    },
    abort: () => {
      attempt.isOver = true;
      attempt.part?.abort();
    },
    end: (event, error = null) => handlers.onEnd({ event, error }),
  };
  return attempt;
}
