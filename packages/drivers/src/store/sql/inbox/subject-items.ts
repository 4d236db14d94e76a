import { type RawBuilder, sql } from 'kysely';
import type { ReadContext } from '../context.ts';

export interface Subject {
  kind: string;
  id: string;
}

/** Items about one subject that are looked through rather than all that a reader has. */
const RARE = 5_000;

/**
 * Whether the items about a subject, whoever they are to, are few enough to look through in one page. One that half of
 * a tenant's items are about says too little.
 */
export async function isRare(
  context: ReadContext,
  log: number,
  subject: Subject,
  before: number | null,
): Promise<boolean> {
  const { rows } = await sql<{ number: number }>`
    select count(*) as number from (${subjectSql(log, subject, before, RARE + 1)}) as about`.execute(context.db);
  return Number(rows[0]?.number) <= RARE;
}

/** `select n`, newest first, by the index of subjects alone. */
export function subjectSql(
  log: number,
  { kind, id }: Subject,
  before: number | null,
  limit: number,
): RawBuilder<{ n: number }> {
  return sql`select n from notifications
    where log = ${log} and subject_kind = ${kind} and subject_id = ${id} and n < ${before ?? Number.MAX_SAFE_INTEGER}
    order by n desc limit ${limit}`;
}
