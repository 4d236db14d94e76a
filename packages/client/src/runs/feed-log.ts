import type { Page, RunLine } from '@belfry/protocol';

/** Lines that a page holds. Of more the oldest go, and do not come back: nobody scrolls that far up a live log. */
const MOST_LINES = 20_000;

/** The lines of a run's log that are here, without a gap, and where those before them are. */
export class FeedLog {
  #lines: readonly RunLine[] = [];
  #earlier: string | null = null;

  get lines(): readonly RunLine[] {
    return this.#lines;
  }

  /** What `GET …/logs?cursor=` takes; null where there are none. */
  get earlier(): string | null {
    return this.#earlier;
  }

  begin(earlier: string | null): void {
    this.#lines = [];
    this.#earlier = earlier;
  }

  add(lines: readonly RunLine[]): void {
    if (lines.length === 0) return;
    this.#lines = [...this.#lines, ...lines];
    if (this.#lines.length <= MOST_LINES) return;
    this.#lines = this.#lines.slice(-MOST_LINES);
    this.#earlier = null;
  }

  /** False: the log has begun anew since `cursor` was asked for. */
  addEarlier(cursor: string, { items, nextCursor }: Page<RunLine>): boolean {
    if (cursor !== this.#earlier) return false;
    const first = this.#lines[0]?.n ?? Number.POSITIVE_INFINITY;
    this.#lines = [...items.filter(({ n }) => n < first), ...this.#lines];
    this.#earlier = this.#lines.length < MOST_LINES ? nextCursor : null;
    return true;
  }
}
