export type { EventInput, NotificationInput } from '@belfry/client/publisher';
export { RequestError } from '@belfry/client/transport';
export type {
  Answer,
  Artifact,
  Deliveries,
  Json,
  Question,
  Run,
  RunLine,
  RunMessage,
  ServiceNotification,
} from '@belfry/protocol';
export { BelfryError } from '@belfry/protocol';
export { type Belfry, createBelfry } from './belfry.ts';
export type { BelfryOptions, CallOptions, CreateOptions } from './options.ts';
export type {
  AnsweredQuestion,
  ClosedQuestion,
  QuestionFilter,
  QuestionInput,
  QuestionPatch,
  UnansweredQuestion,
} from './questions/input.ts';
export type { Questions } from './questions/questions.ts';
export type { FollowOptions, RunEvent } from './runs/follow.ts';
export type { LineInput, RunChange, RunFilter, RunInput } from './runs/input.ts';
export type { ReportOptions, RunHandle } from './runs/run-handle.ts';
export type { Runs, TakeOptions } from './runs/runs.ts';
