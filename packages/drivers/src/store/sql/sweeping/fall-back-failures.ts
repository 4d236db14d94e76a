import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { FALLBACK } from './fall-back.ts';

/** Whom it could not reach, and why. */
interface Failures {
  /** It had nowhere to go. */
  everybody: string | null;
  /** Whom the webhooks gave up on, with the last error. */
  byUser: ReadonlyMap<string, string>;
}

const NOBODY: Failures = { everybody: null, byUser: new Map() };

export async function failuresOf({ db }: ReadContext, log: number, n: number): Promise<Failures> {
  const row = await db
    .selectFrom('fallbacks')
    .selectAll()
    .where('log', '=', log)
    .where('n', '=', n)
    .where('due_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return NOBODY;
  if (row.error !== null) return { ...NOBODY, everybody: row.error };
  const ofItem = sql`from webhook_deliveries d join webhooks w on w.id = d.webhook
    where d.type = ${FALLBACK} and d.n = ${n} and w.log = ${log}`;
  const { rows } = await sql<{ body: string; status: string; error: string | null }>`
    select d.body, d.status, d.error ${ofItem} and exists (select 1 ${ofItem} and d.status = 'dead')
    order by d.number`.execute(db);
  return { ...NOBODY, byUser: givenUpOn(rows) };
}

/** One webhook that can still reach somebody, or did, is enough. */
function givenUpOn(rows: readonly { body: string; status: string; error: string | null }[]): Map<string, string> {
  const failed = new Map<string, string>();
  const [dead, others] = [rows.filter(isDead), rows.filter((row) => !isDead(row))];
  for (const { body, error } of dead) {
    for (const user of usersIn(body)) failed.set(user, error ?? 'It could not be delivered.');
  }
  for (const { body } of others) for (const user of usersIn(body)) failed.delete(user);
  return failed;
}

function isDead({ status }: { status: string }): boolean {
  return status === 'dead';
}

function usersIn(body: string): string[] {
  return (JSON.parse(body) as { data: { users: string[] } }).data.users;
}
