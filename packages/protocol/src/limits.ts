/** Counts are exact below this; this number itself means "or more". Apart from the rest, as a page needs no more. */
export const COUNT_CAP = 1_000;

export const MARKS_PER_CALL = 1_000;

/** The sizes a client meets. Bytes are UTF-8 bytes, lengths are UTF-16 units as JavaScript counts them. */
export const LIMITS = {
  title: 200,
  body: 4_000,
  dataBytes: 16_384,
  dataDepth: 64,
  url: 2_000,
  type: 100,
  id: 200,
  label: 100,
  actions: 10,
  /** Of a question: its message, fields of its schema, and options of each. */
  questionMessage: 1_000,
  questionFields: 50,
  questionOptions: 100,
  /** Of each kind in `state`. */
  openQuestions: 100,
  channels: 100,
  requestBytes: 1_048_576,
  batchBytes: 16_777_216,
  batchItems: 1_000,
  marks: MARKS_PER_CALL,
  idempotencyKey: 255,
  dedupeKey: 255,
  waitSeconds: 60,
  fallbackSeconds: 2_592_000,
  filters: 50,
  webhooks: 50,
  /** How long a webhook's old secret may go on signing: 7 days. */
  secretOverlapSeconds: 604_800,
  devices: 32,
  streams: 32,
  /** Polls and waits of the services of a tenant, in a process. */
  serviceWaits: 1_000,
  /** Of one person, by API. */
  memberships: 1_000,
  /** Of inbox items in `state`, and the default page of a list. */
  page: 50,
  pageMax: 100,
  countCap: COUNT_CAP,
  /** A stream further behind than this many events starts over with `state`. */
  replayEvents: 10_000,
  replayChannels: 256,
  /** Of a run's log, in one call. */
  lines: 1_000,
  lineBytes: 16_384,
  level: 20,
  /** What a run's stream begins with. */
  snapshotLines: 1_000,
  /** Fewer lines than asked for where they are larger than this together. */
  linesBytes: 4_194_304,
  artifacts: 100,
  runMessage: 4_000,
  /** Of unfinished runs in `state`. */
  stateRuns: 100,
  heartbeatTimeoutSeconds: 604_800,
} as const;
