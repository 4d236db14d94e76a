export interface SweepingWrites {
  /**
   * Withdraws notifications and ends questions that have passed their `expiresAt`, and interrupts runs whose reporter
   * has been silent for too long, in every tenant, at most `limit` of each; all count. `nextInMs`: where nothing was due,
   * when the first will be, unless something is committed until then; null where there is nothing yet.
   */
  expire: { in: { limit: number }; out: { expired: number; nextInMs: number | null } };
  /**
   * Hands who has not seen a notification in time to webhooks: one step of each of at most `limit` that are due.
   * `nextInMs` as of `expire`.
   */
  fallBack: { in: { limit: number }; out: { done: number; nextInMs: number | null } };
  /**
   * Deletes events older than `maxAgeMs`, then the oldest until the log of a tenant is under `maxBytes`; always keeps
   * each log's newest. At most `limit` a call. Also drops idempotency keys after 24 h,
   * dead tickets, and webhook deliveries: delivered ones after 3 days, given up ones after 30, those of removed webhooks
   * at once. At most `limit` of each; all of it counts as deleted. Webhooks that had not come to an event go on after it:
   * `missed` says how often that was. With `logs` it looks at so many of them, those after `after`, and does the rest
   * with the last: `next` is what to go on after, null where that was all.
   */
  retain: {
    in: { maxAgeMs: number; maxBytes: number; limit: number; logs?: { after: number; limit: number } };
    out: { deleted: number; missed: number; next: number | null };
  };
  /**
   * Deletes the oldest of a tenant's run logs until those of all its runs hold no more than `maxBytes` together: first of
   * finished runs, in the order in which they finished, then the oldest of unfinished ones. The newest event of each
   * stays, and does not count. Goes by what the last `retain` has seen of each log. At most `limit` a call, and less
   * where many logs are touched: it is to be called until it deletes nothing.
   */
  retainRuns: { in: { maxBytes: number; limit: number }; out: { deleted: number } };
  /**
   * Withdraws items that are older than `inboxMs`, or that a tenant has beyond `inboxItems`, the oldest first; deletes
   * closed questions, and finished runs with their logs, that were made more than `closedMs` ago. At most `limit`.
   */
  forget: {
    in: { inboxMs: number; inboxItems: number; closedMs: number; limit: number };
    out: { forgotten: number };
  };
}
