// What other clients of the API are built from: `@belfry/node`, for one. Not for apps: it may change with any version.
export { urlMissing } from './address.ts';
export { backoffMs } from './backoff.ts';
export { type Environment, environmentWith } from './environment.ts';
export { pause } from './pause.ts';
export { newIdempotencyKey } from './publisher/idempotency-key.ts';
export { withRetries } from './publisher/retry.ts';
export { RequestError } from './request-error.ts';
export { createRequester, type Requester } from './requester.ts';
export { followRun } from './run-stream/follow.ts';
export { createReading, type RunEvent } from './run-stream/reading.ts';
export type { Call } from './sender.ts';
export type { Token } from './token.ts';
