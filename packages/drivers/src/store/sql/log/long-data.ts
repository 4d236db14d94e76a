import { type RawBuilder, sql } from 'kysely';
import type { ReadContext, WriteContext } from '../context.ts';

/** Stands in the row of an event whose data is in `event_texts`. It is no JSON, so no data is this. */
const APART = '*';

/** SQLite keeps of a row in a table without rowids at most a quarter of a page, 1,002 bytes of 4 kB, where it is searched. */
const LONG = 800;

export function isLong(data: string): boolean {
  return data.length > LONG;
}

/** What the row of an event keeps of its data, where the engine keeps long ones apart. */
export function dataInRow(data: string): string {
  return isLong(data) ? APART : data;
}

/** The data of event `e` as it was written, wherever it stands. */
export function writtenData({ dialect }: Pick<ReadContext, 'dialect'>): RawBuilder<string> {
  if (!dialect.keepsLongDataApart) return sql`e.data`;
  return sql`case when e.data = ${sql.lit(APART)}
    then (select t.data from event_texts t where t.log = e.log and t.n = e.n) else e.data end`;
}

/** Together with the events up to there. */
export async function deleteLongData({ db, dialect }: WriteContext, log: number, upTo: number): Promise<void> {
  if (!dialect.keepsLongDataApart) return;
  await db.deleteFrom('event_texts').where('log', '=', log).where('n', '<=', upTo).execute();
}
