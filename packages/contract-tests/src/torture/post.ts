import type { Outcome } from './ledger.ts';
import type { Publish } from './publish.ts';
import type { Target } from './target.ts';

export interface PostResult {
  outcome: Outcome;
  cursors: string[];
  replayed: boolean;
  /** The server says that it made a mistake. */
  mistake?: string;
}

const UNKNOWN: PostResult = { outcome: 'unknown', cursors: [], replayed: false };

/** Without an answer by then, whatever goes wrong, a call hangs. */
export const HANGS_MS = 45_000;

/** One try. `cutAfterMs`: the connection is cut then, wherever the request is; null for not before it hangs. */
export async function post(target: Target, publish: Publish, cutAfterMs: number | null): Promise<PostResult> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), cutAfterMs ?? HANGS_MS);
  try {
    return await answered(await fetch(target.url + publish.path, requestOf(target, publish, controller.signal)));
  } catch {
    return UNKNOWN;
  } finally {
    clearTimeout(timer);
  }
}

function requestOf({ apiKey }: Target, { body, key }: Publish, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  if (key !== null) headers['idempotency-key'] = key;
  return { method: 'POST', headers, body: JSON.stringify(body), signal };
}

async function answered(response: Response): Promise<PostResult> {
  const body = (await response.json()) as { cursor?: string; notifications?: { cursor: string }[]; code?: string };
  if (response.ok) {
    const cursors = body.notifications?.map(({ cursor }) => cursor) ?? [body.cursor as string];
    return { outcome: 'kept', cursors, replayed: response.headers.has('idempotent-replayed') };
  }
  if (response.status === 500) return { ...UNKNOWN, mistake: JSON.stringify(body) };
  const isRefusal = response.status < 500 && body.code !== 'idempotency_in_progress';
  return isRefusal ? { ...UNKNOWN, outcome: 'refused' } : UNKNOWN;
}
