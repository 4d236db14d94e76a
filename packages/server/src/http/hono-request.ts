import type { Context } from 'hono';
import { readBody } from './body.ts';
import type { ApiRequest } from './request.ts';
import { requestId } from './request-id.ts';

/** A call that came in by the fetch door. */
export function honoRequest(c: Context): ApiRequest {
  const { method, headers, url } = c.req.raw;
  return {
    id: requestId(c),
    method,
    headers,
    get pathname() {
      return new URL(url).pathname;
    },
    get signal() {
      return c.req.raw.signal;
    },
    query: () => c.req.queries(),
    param: (name) => c.req.param(name) ?? '',
    readBody: (limit) => readBody(c, limit),
  };
}
