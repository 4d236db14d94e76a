const YOUNG_MS = 60_000;
const EVERY_MS = { young: 1_000, old: 60_000 };

/**
 * Makes a session plan its statements anew every now and then. A plan that was made when a table was next to empty may take
 * any index of it, as all cost the same, and so goes through all of a log for each row once there are thousands. The server
 * itself makes new ones when it has analyzed the table, which is up to a minute later; until then every second.
 */
export class PlanAge {
  #bornAt: number | null = null;
  #renewAt = 0;

  renewal(now: number): string {
    this.#bornAt ??= now;
    if (now < this.#renewAt) return '';
    this.#renewAt = now + (now - this.#bornAt < YOUNG_MS ? EVERY_MS.young : EVERY_MS.old);
    return '; discard plans';
  }
}
