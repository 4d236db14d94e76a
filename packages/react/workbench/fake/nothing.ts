import type { InboxSnapshot, QuestionsSnapshot, RunFeedSnapshot, RunsSnapshot, Status } from '@belfry/client';

const LIVE = { status: 'live', readOnly: false, loading: false, error: null } as const;

export const NO_INBOX: InboxSnapshot = { items: [], unread: 0, unseen: 0, nextCursor: null, ...LIVE };
export const NO_QUESTIONS: QuestionsSnapshot = { items: [], open: 0, asked: [], ...LIVE };
export const NO_RUNS: RunsSnapshot = { items: [], active: 0, ...LIVE };

export const NO_FEED: RunFeedSnapshot = {
  run: null,
  lines: [],
  hasEarlier: false,
  loadingEarlier: false,
  status: 'live',
  live: true,
  done: null,
  error: null,
};

export const STATUS: Status = {
  value: 'live',
  reason: null,
  resumed: false,
  stateReason: null,
  caughtUp: 0,
  readOnly: false,
  connection: 'c',
  transport: 'stream',
  error: null,
};
