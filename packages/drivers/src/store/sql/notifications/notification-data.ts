import { type RawBuilder, sql } from 'kysely';
import type { ReadContext, WriteContext } from '../context.ts';
import { isAt } from '../log/is-at.ts';
import { writtenData } from '../log/long-data.ts';

/** The `data` of created and updated. The content comes last and ends the text in `}}`: frames are spliced there. */
export function notificationData(contentJson: string): string {
  return `${BEFORE}${contentJson}}`;
}

const BEFORE = '{"notification":';

/** Its content, as a part of the same text: so it is put together once and takes its memory once. */
export function contentIn(data: string): string {
  return data.slice(BEFORE.length, -1);
}

/**
 * The `data` of an event that brought a notification: it is in the row of that, with the same number, and is not kept
 * twice. Before that row changes or goes, `keepData` writes it out.
 */
export const OF_ITEM = '';

/** The whole `data` of event `e`. */
export function dataSql(context: Pick<ReadContext, 'dialect'>): RawBuilder<string> {
  return sql`case when e.data <> '' then ${writtenData(context)} else (select ${ofItem()} from notifications d
    where d.log = e.log and d.n = e.n) end`;
}

/**
 * Of these items of one log, which change or go now: what their events said stays with the events. Whether or not there
 * is anything to write, the events are held from then on, so that a clean-up doesn't take them meanwhile.
 */
export async function keepData({ db, dialect }: WriteContext, log: number, numbers: readonly number[]): Promise<void> {
  await sql`
    update events set data = case when data <> '' then data else
      (select ${ofItem()} from notifications d where d.log = events.log and d.n = events.n) end
    where ${isAt(dialect, 'events', log, numbers)}`.execute(db);
}

function ofItem(): RawBuilder<string> {
  return sql`'{"notification":' || d.content || '}'`;
}
