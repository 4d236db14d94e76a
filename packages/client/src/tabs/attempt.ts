import { unless } from '../unless.ts';
import type { Connection, ConnectionHandlers, End, From } from '../ways.ts';
import type { Part } from './part.ts';

/** One try to be connected, whatever part this tab then plays. */
export class Attempt implements Connection {
  declare readonly from: From;
  /** Silent once it is over. */
  declare readonly handlers: ConnectionHandlers;
  isOver = false;
  part: Part | null = null;

  constructor(from: From, handlers: ConnectionHandlers) {
    this.from = from;
    const onEnd = (end: End): void => {
      this.abort();
      handlers.onEnd(end);
    };
    this.handlers = unless(() => this.isOver, { ...handlers, onEnd });
  }

  /** Until it is clear what this tab is, there is nobody who could be silent. */
  get patienceMs(): number | undefined {
    return this.part === null ? Number.POSITIVE_INFINITY : this.part.patienceMs;
  }

  abort(): void {
    this.isOver = true;
    this.part?.abort();
  }

  end(event: End['event'], error: End['error'] = null): void {
    this.handlers.onEnd({ event, error });
  }
}
