import type { Page, RunLine } from '@belfry/protocol';

/** Lines that a page holds. Of more the oldest go, and do not come back: nobody scrolls that far up a live log. */
const MOST_LINES = 20_000;

/** The lines of a run's log that are here, without a gap, and where those before them are. */
export interface FeedLog {
  lines(): readonly RunLine[];
  /** What `GET …/logs?cursor=` takes; null where there are none. */
  earlier(): string | null;
  begin(earlier: string | null): void;
  add(lines: readonly RunLine[]): void;
  /** False: the log has begun anew since `cursor` was asked for. */
  addEarlier(cursor: string, page: Page<RunLine>): boolean;
}

export function createFeedLog(): FeedLog {
  let lines: readonly RunLine[] = [];
  let earlier: string | null = null;
  return {
    lines: () => lines,
    earlier: () => earlier,
    begin: (cursor) => {
      lines = [];
      earlier = cursor;
    },
    add: (more) => {
      if (more.length === 0) return;
      lines = [...lines, ...more];
      if (lines.length <= MOST_LINES) return;
      lines = lines.slice(-MOST_LINES);
      earlier = null;
    },
    addEarlier: (cursor, { items, nextCursor }) => {
      if (cursor !== earlier) return false;
      const first = lines[0]?.n ?? Number.POSITIVE_INFINITY;
      lines = [...items.filter(({ n }) => n < first), ...lines];
      earlier = lines.length < MOST_LINES ? nextCursor : null;
      return true;
    },
  };
}
