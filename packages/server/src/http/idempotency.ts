import { createHash } from 'node:crypto';
import type { Idempotency, Principal } from '@belfry/core';
import { invalid, LIMITS } from '@belfry/protocol';
import type { ApiRequest } from './request.ts';

/** What makes a repeat the same request: the caller, the call and the very bytes of its body. */
export function idempotencyOf(request: ApiRequest, principal: Principal, body: Uint8Array): Idempotency | undefined {
  const key = request.headers.get('idempotency-key');
  if (key === null) return undefined;
  if (key === '' || key.length > LIMITS.idempotencyKey) {
    throw invalid('Idempotency-Key', `Idempotency-Key must be 1 to ${LIMITS.idempotencyKey} characters.`);
  }
  const caller = principal.kind === 'person' ? `person ${principal.user}` : 'service';
  const call = `${caller}\n${request.method}\n${request.pathname}\n`;
  const fingerprint = createHash('sha256').update(call).update(body).digest('base64url');
  return { key, fingerprint };
}
