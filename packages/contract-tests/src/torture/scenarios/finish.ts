import { numberOf } from '../check/check-span.ts';
import { judge, type Verdict } from '../check/verdict.ts';
import type { Ledger } from '../ledger.ts';
import { pause, until } from '../pause.ts';
import { post } from '../post.ts';
import type { Reader } from '../readers/reader.ts';
import type { Arena } from './arena.ts';

const MARKER = 'the end';
const PATIENCE_MS = 30_000;
/** What comes twice may come a little later. */
const LINGER_MS = 300;

/** Publishes one last thing to everyone, waits until it is everywhere or won't be any more, and judges. */
export async function finish(arena: Arena, ledger: Ledger, readers: readonly Reader[]): Promise<Verdict> {
  const body = { to: 'all', type: 'torture.end', data: { marker: MARKER } };
  const last = { path: '/v1/events', body, markers: [MARKER], key: null };
  const result = await post(arena.target, last, null);
  ledger.add({ writer: -1, markers: [MARKER], ...result });
  const end = numberOf(result.cursors[0] ?? '');
  await until(() => readers.every(({ reading }) => numberOf(reading.position ?? '') >= end), PATIENCE_MS);
  await pause(LINGER_MS);
  await Promise.all(readers.map((reader) => reader.stop()));
  return judge(
    await arena.log(),
    ledger,
    readers.map(({ reading }) => reading),
  );
}
