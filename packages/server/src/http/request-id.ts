import { newId } from '@belfry/core';
import type { Context } from 'hono';

/** The caller's own, where it is a plain one, so that their log and ours can be laid side by side. */
export function requestIdFrom(given: string | null | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,100}$/.test(given) ? given : newId(Date.now());
}

/** The same one each time it is asked for. */
export function requestId(c: Context): string {
  const kept = c.get('requestId') as string | undefined;
  if (kept !== undefined) return kept;
  const id = requestIdFrom(c.req.header('x-request-id'));
  c.set('requestId', id);
  return id;
}
