import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import type { MarkTimes } from '../notifications/notification-row.ts';
import type { MarkRow } from '../schema.ts';
import { findCandidates, personSource, type Source, WHOLE } from './candidates.ts';
import type { Viewer } from './viewer.ts';
import { ANY_SCOPE, spanOf, type Watermark } from './watermark-cover.ts';
import { type Coverable, Watermarks } from './watermarks.ts';

const PAGE = 1_000;

/** Before `going` are deleted: the items that only they mark get rows of their own. */
export async function writeOut(
  context: WriteContext,
  viewer: Viewer,
  going: readonly Watermark[],
  staying: readonly Watermark[],
): Promise<void> {
  const before = exactly(context, viewer, [...staying, ...going]);
  const after = exactly(context, viewer, staying);
  for (const span of Map.groupBy(going, spanOf).values()) {
    const [{ grants, shared_from: sharedFrom }] = span as [Watermark];
    const source = await personSource(context, { ...viewer, grants, sharedFrom });
    await writeSpan(context, source, Math.max(...span.map((row) => row.n)), before, after);
  }
}

async function writeSpan(
  context: WriteContext,
  source: Source,
  upTo: number,
  before: Watermarks,
  after: Watermarks,
): Promise<void> {
  for (let below: number = upTo + 1; ; ) {
    const { numbers, isAll } = await findCandidates(context, source, { ...WHOLE, before: below }, PAGE);
    const unmarked = (await itemsAt(context, source, numbers)).filter((item) => item.marked === null);
    await insertRows(
      context,
      unmarked.flatMap((item) => rowIfLost(source, coverable(item), before, after)),
    );
    if (isAll) return;
    below = numbers.at(-1) ?? 0;
  }
}

/** Only the span's own reader would find its watermarks whole: here every item's recipients are looked at. */
function exactly(context: WriteContext, viewer: Viewer, rows: readonly Watermark[]): Watermarks {
  const exact = rows.map((row) => ({ ...row, isWhole: row.scope === ANY_SCOPE }));
  return new Watermarks(exact, { context, viewer });
}

interface Item {
  n: number;
  marked: number | null;
  type: string;
  recipients: string;
}

async function itemsAt(
  { db, dialect }: WriteContext,
  { log, person }: Source,
  numbers: readonly number[],
): Promise<Item[]> {
  if (numbers.length === 0) return [];
  const { rows } = await sql<Item>`
    select i.n, m.n as marked, i.type, i.recipients
    from ${dialect.numbers(numbers)} ${dialect.lookUp('notifications', 'i', sql`i.log = ${log} and i.n = t.value`)}
    left join marks m on m.log = ${log} and m.person = ${person} and m.n = i.n`.execute(db);
  return rows;
}

function coverable({ n, type, recipients }: Item): Coverable {
  return { n, type, recipients: JSON.parse(recipients) };
}

function rowIfLost({ log, person }: Source, item: Coverable, before: Watermarks, after: Watermarks): MarkRow[] {
  const times = before.timesOf(item);
  const left = after.timesOf(item);
  const isLost = (Object.keys(times) as (keyof MarkTimes)[]).some(
    (mark) => times[mark] !== null && left[mark] === null,
  );
  if (!isLost) return [];
  const { seen, read, archived } = times;
  return [{ log, person: person as string, n: item.n, seen_at: seen, read_at: read, archived_at: archived }];
}

async function insertRows({ db }: WriteContext, rows: MarkRow[]): Promise<void> {
  if (rows.length > 0) await db.insertInto('marks').values(rows).execute();
}
