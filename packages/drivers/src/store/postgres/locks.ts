/**
 * Advisory locks are named by two numbers and shared with the application whose database this is: the first one keeps
 * ours apart from any of its own.
 */
export const LOCKS = {
  /** The second is 0. Held while the tables are brought up to date. */
  migration: 0x62_66_01,
  /** The second is the log. Who holds it may append to the log and change its rows. */
  log: 0x62_66_02,
  /** The second is the kind of work. Held by the one process that does it. */
  work: 0x62_66_03,
  /** The second is the number of a process, which holds it for as long as it lives (holders.ts). */
  process: 0x62_66_04,
  /** The second is 0. Shared by processes that hear of each other; one that hears of nobody holds it alone. */
  company: 0x62_66_05,
} as const;
