import type { Run, RunDoneFrame, RunLine, RunMessage, RunSnapshotFrame } from '@belfry/protocol';
import { Signal } from '../signal.ts';
import type { PersonCalls } from './person-calls.ts';

const PAUSE_MS = 1_000;
/** As many as a snapshot holds. */
const MOST_LINES = 1_000;

/**
 * One run with its log, by a browser's own `EventSource`: a snapshot, then line by line, then `done`. It comes back
 * by itself and goes on where it was; only where it gives up is it opened anew, with a new ticket.
 */
export class RunFollower extends Signal {
  run: Run | null = null;
  lines: readonly RunLine[] = [];
  /** How it ended; null while it goes on. */
  done: RunDoneFrame | null = null;
  readonly #calls: PersonCalls;
  #id: string | null = null;
  #source: EventSource | null = null;

  constructor(calls: PersonCalls) {
    super();
    this.#calls = calls;
  }

  /** Goes over to this run, unless it is the one already. */
  follow(id: string): void {
    if (id === this.#id) return;
    this.#source?.close();
    this.#id = id;
    Object.assign(this, { run: null, lines: [], done: null });
    this.changed();
    void this.#open(id);
  }

  async #open(id: string): Promise<void> {
    const address = await this.#calls.runStream(id).catch(() => null);
    if (id !== this.#id) return;
    if (address === null) this.#openLater(id);
    else this.#listen(new EventSource(address), id);
  }

  #listen(source: EventSource, id: string): void {
    this.#source = source;
    source.addEventListener('snapshot', ({ data }) => this.#begin(JSON.parse(data) as RunSnapshotFrame));
    source.addEventListener('message', ({ data }) => this.#take(JSON.parse(data) as RunMessage<unknown>));
    source.addEventListener('done', ({ data }) => {
      source.close();
      this.done = JSON.parse(data) as RunDoneFrame;
      this.changed();
    });
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED && id === this.#id) this.#openLater(id);
    });
  }

  #openLater(id: string): void {
    setTimeout(() => {
      if (id === this.#id) void this.#open(id);
    }, PAUSE_MS);
  }

  #begin({ run, logs }: RunSnapshotFrame): void {
    Object.assign(this, { run, lines: logs });
    this.changed();
  }

  #take({ type, data }: RunMessage<unknown>): void {
    if (type === 'run.log') this.lines = [...this.lines, ...(data as { lines: RunLine[] }).lines].slice(-MOST_LINES);
    else if (type === 'run.updated') this.run = (data as { run: Run }).run;
    this.changed();
  }
}
