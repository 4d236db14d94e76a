import { type Cursor, parseCursor } from '@belfry/protocol';

/** How far a reader has come in the log: what it resumes from, and what tells an event it had from one it had not. */
export class ReadPosition {
  #text: string | null = null;
  #cursor: Cursor | null = null;

  constructor(text: string | null) {
    this.jump(text);
  }

  /** What `Last-Event-ID` says. Null: nowhere yet. */
  get text(): string | null {
    return this.#text;
  }

  get epoch(): string | null {
    return this.#cursor?.epoch ?? null;
  }

  get n(): number {
    return this.#cursor?.n ?? 0;
  }

  /** Takes a position whatever stood here before: what `state` and an app that resumes do. */
  jump(text: string | null): void {
    this.#cursor = text === null ? null : parseCursor(text);
    this.#text = this.#cursor === null ? null : text;
  }

  /**
   * Goes on to the event at `id`. False: that event was had before. An id that is no cursor moves nothing; numbers
   * of different epochs can't be compared, so another epoch counts as new.
   */
  pass(id: string): boolean {
    const next = parseCursor(id);
    if (next === null) return true;
    if (next.epoch === this.#cursor?.epoch && next.n <= this.#cursor.n) return false;
    this.#cursor = next;
    this.#text = id;
    return true;
  }

  /** A heartbeat: only ever goes forward from where something stands already. */
  follow(id: string): void {
    if (this.#cursor !== null && parseCursor(id)?.epoch === this.#cursor.epoch) this.pass(id);
  }
}
