export type {
  Action,
  Actor,
  Answer,
  Channel,
  ClosingReason,
  ConnectedFrame,
  Counts,
  EventEnvelope,
  Json,
  Mark,
  Notification,
  Question,
  QuestionField,
  QuestionSchema,
  Run,
  RunDoneFrame,
  RunLine,
  RunMessage,
  Severity,
  StateFrame,
  StateReason,
  Subject,
  TypeFilter,
} from '@belfry/protocol';
export { BelfryError } from '@belfry/protocol';
export { type Belfry, createBelfry } from './belfry.ts';
export { type BelfryOptions, type Client, createClient } from './client.ts';
export type { CountsSnapshot } from './counts.ts';
export type { Broadcast, Environment, Locks } from './environment.ts';
export type { EventHandler, EventOf, EventType } from './event-handlers.ts';
export type { Frame } from './frame-parser.ts';
export type { Ids, Inbox, InboxList, InboxSnapshot, ListFilters, ListSnapshot } from './inbox/inbox.ts';
export { inboxOf } from './inbox/store.ts';
export type { AnswerInput, AskInput, QuestionItem, Questions, QuestionsSnapshot } from './questions/questions.ts';
export { questionsOf } from './questions/store.ts';
export { RequestError } from './request-error.ts';
export { runFeedsOf } from './runs/feeds.ts';
export type { RunFeed, RunFeedSnapshot, RunFeedStatus } from './runs/run-feed.ts';
export type { Runs, RunsSnapshot } from './runs/runs.ts';
export { runsOf } from './runs/store.ts';
export type { ConnectionOptions } from './sender.ts';
export type { EndReason, Status, StatusValue, Transport } from './status.ts';
export type { Readable } from './store.ts';
export { openStream, type Stream } from './stream.ts';
export type { StreamEnvironment, Wake } from './stream-environment.ts';
export type { StreamFilters, StreamOptions } from './stream-options.ts';
export type { SubjectRef } from './subject.ts';
export type { Token } from './token.ts';
