import { checkLedger } from '../check/check-ledger.ts';
import { checkRuns } from '../check/check-runs.ts';
import type { Fault } from '../check/fault.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { Ledger } from '../ledger.ts';
import { pause } from '../pause.ts';
import { untilRelayed } from '../sql/application.ts';

export interface UndisturbedOptions {
  /** At most. */
  durationMs: number;
  /** Asked now and then with what is wrong by then: whether it may be over. Absent: it lasts its time. */
  isEnough?: (faults: readonly Fault[]) => boolean;
}

const REST_MS = 1_000;

/** Lets them write and read while nothing fails, but for the mistakes that are built in. */
export async function undisturbed(
  cluster: Cluster,
  ledger: Ledger,
  { durationMs, isEnough }: UndisturbedOptions,
): Promise<void> {
  const deadline = performance.now() + durationMs;
  if (isEnough === undefined) await pause(durationMs);
  while (performance.now() < deadline) {
    await pause(REST_MS);
    if (isEnough?.(await faultsSoFar(cluster, ledger))) return;
  }
}

/** In all that has been sent by now, and with the runs that have ended: what was not, or waits for its relay, is not lost. */
async function faultsSoFar(cluster: Cluster, { sent, runs }: Ledger): Promise<Fault[]> {
  const soFar = new Ledger();
  for (const one of sent) soFar.add(one);
  soFar.runs.push(...runs);
  await untilRelayed(cluster.postgres.url);
  const log = await cluster.log();
  return [...checkLedger(log, soFar), ...checkRuns(log, soFar)];
}
