import { numberOf } from '../check/check-span.ts';
import { judge, type Verdict } from '../check/verdict.ts';
import type { Ledger } from '../ledger.ts';
import type { Logged } from '../log.ts';
import { pause, until } from '../pause.ts';
import { Random } from '../random.ts';
import type { Reader } from '../readers/reader.ts';
import { send, type Targets } from '../writer.ts';

const MARKER = 'the end';
const PATIENCE_MS = 30_000;
/** What comes twice may come a little later. */
const LINGER_MS = 300;

/** What a run ends on. */
export interface Scene {
  targets: Targets;
  /** How long the last thing may take to come everywhere; absent: 30 s. */
  patienceMs?: number;
  /** Stops what serves, and reads what it leaves. */
  log(): Promise<Logged[]>;
}

/** Publishes one last thing to everyone, waits until it is everywhere or won't be any more, and judges. */
export async function finish(scene: Scene, ledger: Ledger, readers: readonly Reader[]): Promise<Verdict> {
  const body = { to: 'all', type: 'torture.end', data: { marker: MARKER } };
  const last = { path: '/v1/events', body, markers: [MARKER], key: MARKER };
  const result = await send(scene.targets, last, new Random(MARKER), { ledger, cutting: 0 });
  ledger.add({ writer: -1, markers: [MARKER], ...result });
  const end = numberOf(result.cursors[0] ?? '');
  const isEverywhere = () => readers.every(({ reading }) => numberOf(reading.position ?? '') >= end);
  await until(isEverywhere, scene.patienceMs ?? PATIENCE_MS);
  await pause(LINGER_MS);
  await Promise.all(readers.map((reader) => reader.stop()));
  const log = await scene.log();
  return judge(
    log,
    ledger,
    readers.map(({ reading }) => reading),
  );
}
