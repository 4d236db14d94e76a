import { ORIGIN, type Position } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadOp } from '../context.ts';

/** Asked every second by every process: one seek a log, however long the log. */
export const heads: ReadOp<'heads'> = async ({ db, dialect }, { logs }) => {
  const { rows } = await sql<{ tenant: string; n: number; check_value: string }>`
    select l.tenant, e.n, e.check_value
    from ${dialect.texts(logs)} ${dialect.lookUp('logs', 'l', sql`l.tenant = t.value`)}
    ${dialect.lookUp('events', 'e', sql`e.log = l.id and e.n = (select max(h.n) from events h where h.log = l.id)`)}`.execute(
    db,
  );
  const found = new Map<string, Position>(
    rows.map(({ tenant, n, check_value }) => [tenant, { n, check: check_value }]),
  );
  return logs.map((log) => ({ log, head: found.get(log) ?? ORIGIN }));
};
