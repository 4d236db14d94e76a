// What other clients of the API are built from: `@belfry/node`, for one. Not for apps: it may change with any version.
export { urlMissing } from './address.ts';
export { backoffMs } from './backoff.ts';
export { type Environment, environmentWith } from './environment.ts';
export { newIdempotencyKey } from './publisher/idempotency-key.ts';
export { pause, withRetries } from './publisher/retry.ts';
export { RequestError } from './request-error.ts';
export { Requester } from './requester.ts';
export { followRun } from './run-stream/follow.ts';
export { type RunEvent, RunReading } from './run-stream/reading.ts';
export type { Call } from './sender.ts';
export type { Token } from './token.ts';
