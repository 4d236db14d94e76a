// What other clients of the API are built from: `@belfry/node`, for one. Not for apps: it may change with any version.
export { urlMissing } from './address.ts';
export { backoffMs, bounded, reconnectMs } from './backoff.ts';
export { type Environment, environmentWith } from './environment.ts';
export { type Frame, frameParser } from './frames.ts';
export { ReadPosition } from './position.ts';
export { newIdempotencyKey } from './publisher/idempotency-key.ts';
export { pause, withRetries } from './publisher/retry.ts';
export { errorOf, RequestError, unreachable } from './request-error.ts';
export { type Call, Requester } from './requester.ts';
export type { Token } from './token.ts';
