/**
 * What this process has sent since it started. Bare numbers, since they grow with each frame: who watches them reads
 * them now and then.
 */
export interface HubCounts {
  /** Events written to streams as they came. */
  live: number;
  /** Events written to streams that were behind. */
  caughtUp: number;
  /** Events in answers to polls. */
  polled: number;
  /** Answers to polls, and ends of other waits. */
  polls: number;
  /** Pages of what streams and polls had missed that were still in memory, and that had to be read. */
  pagesFromMemory: number;
  pagesFromStore: number;
  /** Into sockets, and how many bytes. */
  writes: number;
  bytes: number;
}

export function noHubCounts(): HubCounts {
  return {
    live: 0,
    caughtUp: 0,
    polled: 0,
    polls: 0,
    pagesFromMemory: 0,
    pagesFromStore: 0,
    writes: 0,
    bytes: 0,
  };
}
