import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';

/** The caller's own, where it is a plain one, so that their log and ours can be laid side by side. */
export function requestId(c: Context): string {
  const kept = c.get('requestId') as string | undefined;
  if (kept !== undefined) return kept;
  const given = c.req.header('x-request-id');
  const id = given !== undefined && /^[\w.-]{1,100}$/.test(given) ? given : randomUUID();
  c.set('requestId', id);
  return id;
}
