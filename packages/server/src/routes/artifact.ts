import type { Context } from 'hono';
import type { Services } from '../http/route.ts';

/**
 * `GET /v1/runs/{id}/artifacts/{name}?exp&sig`: sends on to where an artifact is kept. The signature is the credential,
 * so that it opens in an image or a new tab, where there are no headers.
 */
export async function handleArtifact(c: Context, { core }: Services): Promise<Response> {
  const { exp = '', sig = '' } = c.req.query();
  const url = await core.runs.artifactUrl(c.req.param('id') ?? '', c.req.param('name') ?? '', exp, sig);
  // An address may be in any script, a header may not.
  const location = new URL(url).href;
  // Nobody on the way, nor where it leads, is to keep or to see the signed address.
  return c.body(null, 302, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
}
