/** Of work that people wait for. */
export const WORK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Of streams: from a client that is cut off at once to one that stays for a day. */
export const STREAM_SECONDS = [1, 5, 15, 60, 300, 600, 900, 1_200, 3_600, 14_400, 86_400] as const;
