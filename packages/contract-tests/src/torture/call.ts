import type { Ledger } from './ledger.ts';
import { pause } from './pause.ts';
import { HANGS_MS } from './post.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';
import type { Targets } from './writer.ts';

export interface Call {
  method: string;
  path: string;
  token: string;
  body?: object;
  key?: string;
}

/** What of the answers to questions and runs the bench looks at. */
export interface Called {
  status: number;
  body: {
    id?: string;
    code?: string;
    status?: string;
    answer?: { content: { value: string } } | null;
  };
}

const PATIENCE_MS = 60_000;

/** One try; null where it was cut off, or nobody could serve it. */
export async function call(target: Target, wish: Call, cutAfterMs: number = HANGS_MS): Promise<Called | null> {
  const { method, path, token, body, key } = wish;
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  const signal = AbortSignal.timeout(cutAfterMs);
  try {
    const init = { method, headers, signal, body: body === undefined ? null : JSON.stringify(body) };
    const response = await fetch(target.url + path, init);
    const { status } = response;
    const text = await response.text();
    return status === 503 ? null : { status, body: text === '' ? {} : JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Again and again until it is answered, anywhere, at most for a minute; now and then cut on the way. */
export async function insist(
  targets: Targets,
  wish: Call,
  random: Random,
  { ledger, expected }: { ledger: Ledger; expected: readonly number[] },
): Promise<Called | null> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const called = await call(random.pick(targets), wish, random.chance(0.15) ? random.int(1, 30) : HANGS_MS);
    if (called !== null) {
      if (expected.includes(called.status)) return called;
      ledger.complaints.push(
        `${wish.method} ${wish.path} was answered ${called.status}: ${JSON.stringify(called.body)}`,
      );
      return null;
    }
    await pause(random.int(0, 200));
  }
  ledger.complaints.push(`${wish.method} ${wish.path} got no answer`);
  return null;
}
