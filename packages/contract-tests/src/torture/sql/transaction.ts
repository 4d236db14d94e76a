import type { Ledger, Outcome } from '../ledger.ts';
import { pause } from '../pause.ts';
import { markersOf, type SqlCall, type SqlPlan } from './plan.ts';
import { isRefusal, type SqlSession } from './session.ts';

/** Held open for longer, a transaction is one that others must not wait for. */
const LONG_MS = 1_000;

/** Runs one transaction, and writes down what became of it. */
export async function runTransaction(
  session: SqlSession,
  writer: number,
  plan: SqlPlan,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<void> {
  const done = { ...markersOf(plan), writer, cursors: [], replayed: false };
  const opened = performance.now();
  let outcome: Outcome = 'undone';
  let notBefore = opened;
  try {
    await publishAll(session, plan);
    await pause(plan.holdMs, signal);
    notBefore = performance.now();
    // From here on it may have happened, whatever is heard of it.
    if (plan.ending === 'commit') outcome = 'unknown';
    const { command } = await session.run(plan.ending);
    outcome = command === 'COMMIT' ? 'kept' : 'undone';
  } catch (error) {
    if (isRefusal(error)) ledger.complaints.push(`${plan.name} was refused: ${error.code} ${error.message}`);
  }
  if (performance.now() - opened > LONG_MS) ledger.holds.push({ from: opened, to: notBefore });
  const keptAt = outcome === 'kept' ? { keptAt: performance.now() } : {};
  ledger.add({ ...done, ...keptAt, outcome, begunAt: opened, notBefore, row: plan.name });
  const undone = plan.undone.map(({ marker }) => marker);
  if (undone.length > 0) ledger.add({ ...done, markers: undone, addresses: [], outcome: 'undone' });
}

async function publishAll(session: SqlSession, { name, told, calls, undone, undoneAt }: SqlPlan): Promise<void> {
  await session.run('begin');
  await session.run('insert into application.orders (name, told) values ($1, $2)', [name, told]);
  await callAll(session, calls.slice(0, undoneAt));
  if (undone.length > 0) {
    await session.run('savepoint before_undone');
    await callAll(session, undone);
    await session.run('rollback to savepoint before_undone');
  }
  await callAll(session, calls.slice(undoneAt));
}

async function callAll(session: SqlSession, calls: readonly SqlCall[]): Promise<void> {
  for (const { text, values } of calls) await session.run(text, values);
}
