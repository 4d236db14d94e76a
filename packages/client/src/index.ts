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
  Severity,
  StateFrame,
  StateReason,
  Subject,
  TypeFilter,
} from '@belfry/protocol';
export { BelfryError } from '@belfry/protocol';
export { type Belfry, type BelfryOptions, createBelfry } from './client.ts';
export type { CountsSnapshot } from './counts.ts';
export type { Environment, Wake } from './environment.ts';
export type { EventHandler, EventOf } from './event-handlers.ts';
export type { Frame } from './frames.ts';
export type { Ids, Inbox, InboxList, InboxSnapshot, ListFilters, ListSnapshot } from './inbox/inbox.ts';
export type { AnswerInput, AskInput, QuestionItem, Questions, QuestionsSnapshot } from './questions/questions.ts';
export { RequestError } from './request-error.ts';
export type { ConnectionOptions } from './requester.ts';
export type { RunFeed, RunFeedSnapshot, RunFeedStatus } from './runs/run-feed.ts';
export type { Runs, RunsSnapshot } from './runs/runs.ts';
export type { EndReason, Status, StatusValue, Transport } from './status.ts';
export type { Readable } from './store.ts';
export type { Stores } from './stores.ts';
export { openStream, type Stream } from './stream.ts';
export type { StreamFilters, StreamOptions } from './stream-options.ts';
export type { SubjectRef } from './subject.ts';
export type { Token } from './token.ts';
