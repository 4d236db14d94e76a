const LEAST_MS = 1_000;
const MOST_MS = 60_000;

/**
 * Makes a session plan its statements anew every now and then. A plan that was made when a table was next to empty may take
 * any index of it, as all cost the same, and so goes through all of a log for each row once there are thousands. The server
 * itself makes new ones when it has analyzed the table, which is up to a minute later; until then each time that the session
 * is twice as old: to plan a page of an inbox takes longer than to find it, and every second is one of a hundred pages.
 */
export class PlanAge {
  #bornAt: number | null = null;
  #renewAt = 0;

  renewal(now: number): string {
    this.#bornAt ??= now;
    if (now < this.#renewAt) return '';
    this.#renewAt = now + Math.min(MOST_MS, Math.max(LEAST_MS, now - this.#bornAt));
    return '; discard plans';
  }
}
