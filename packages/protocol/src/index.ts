export { contentFault } from './answer-content.ts';
export {
  assertChannel,
  type Channel,
  type ChannelKind,
  channelKind,
  isChannel,
  isName,
  isTenant,
  quote,
  userChannel,
} from './channel.ts';
export { type Cursor, formatCursor, ORIGIN, owingState, type Position, parseCursor } from './cursor.ts';
export type { Deliveries, DeliveryCounts, DeliveryStatus, RecipientStatus } from './delivery.ts';
export { BelfryError, ERROR_STATUS, type ErrorCode, type ErrorOptions, invalid } from './errors.ts';
export type { BelfryEvent, BelfryEventType, EventData, EventEnvelope, MarkChange } from './event.ts';
export { isCustomEventType, isNotificationType, isTypePattern, matchesType, type TypeFilter } from './filter.ts';
export {
  covers,
  EVERYTHING,
  firstHeld,
  type Grants,
  grantPrefix,
  grantsOf,
  holds,
  includesGrant,
  isGrant,
  NOTHING,
  within,
} from './grants.ts';
export { COUNT_CAP, LIMITS, MARKS_PER_CALL } from './limits.ts';
export {
  type Action,
  type Actor,
  type Counts,
  type InboxPage,
  type Json,
  MARKS,
  type Mark,
  type Marks,
  type Notification,
  type NotificationContent,
  type Page,
  SEVERITIES,
  type ServiceNotification,
  type Severity,
  type Subject,
} from './notification.ts';
export { PROBLEM_TITLES, type Problem, toProblem } from './problem.ts';
export {
  ANSWER_ACTIONS,
  type Answer,
  type AnswerAction,
  QUESTION_STATUSES,
  type Question,
  type QuestionStatus,
} from './question.ts';
export {
  type BooleanField,
  type ChoiceField,
  type ChoicesField,
  type Fault,
  type NumberField,
  optionsOf,
  type QuestionField,
  type QuestionSchema,
  type TextField,
  type TitledOption,
} from './question-schema.ts';
export {
  type Artifact,
  FINISHED_RUN_STATUSES,
  isFinished,
  OPEN_RUN_STATUSES,
  RUN_MOVES,
  RUN_STATUSES,
  type Run,
  type RunDoneFrame,
  type RunLine,
  type RunMessage,
  type RunSnapshotFrame,
  type RunStatus,
} from './run.ts';
export { encodeSse, type SseFrame, safeText } from './sse.ts';
export {
  CLOSING_REASONS,
  type ClosingFrame,
  type ClosingReason,
  type ConnectedFrame,
  type PollAnswer,
  type StateFrame,
  type StateReason,
} from './stream.ts';
