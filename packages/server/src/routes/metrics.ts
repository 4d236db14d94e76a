import { requireAllTenants, requireService } from '@belfry/core';
import type { Context } from 'hono';
import { EXPOSITION_TYPE } from '../metrics/exposition.ts';
import type { Authenticate } from './stream-caller.ts';

/** `key`: for API keys with the scope `metrics` that are not bound to a tenant. `open`: for whoever can reach it. */
export type MetricsAccess = 'key' | 'open';

/** `GET /metrics`. What it says is of the whole process, so it is no tenant's. */
export async function handleMetrics(
  c: Context,
  access: MetricsAccess,
  authenticate: Authenticate,
  text: () => Promise<string>,
): Promise<Response> {
  if (access === 'key') requireAllTenants(requireService(await authenticate(), 'metrics'));
  return c.body(await text(), 200, { 'content-type': EXPOSITION_TYPE, 'cache-control': 'no-store' });
}
