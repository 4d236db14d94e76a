import { type Channel, EVERYTHING, NOTHING, userChannel } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { PAST_ALL } from '../inbox/viewer.ts';
import { ANY_SCOPE, parseGrants } from '../inbox/watermark-cover.ts';
import { Watermarks } from '../inbox/watermarks.ts';
import type { MarkTimes } from '../notifications/notification-row.ts';
import type { NotificationRow, WatermarkRow } from '../schema.ts';

/** What is known of one recipient of a notification. Times are milliseconds. */
export interface Person {
  name: string;
  /** All up to this number was sent to them. */
  sent: number;
  /** When one of their devices acknowledged it; null: none did. */
  ackedAt: number | null;
  seenAt: number | null;
  readAt: number | null;
  archivedAt: number | null;
}

interface Row {
  person: string;
  sent_n: number | null;
  reached: number | null;
  acked_at: number | null;
  marked: number | null;
  seen_at: number | null;
  read_at: number | null;
  archived_at: number | null;
}

/** In the order of these names. Two queries, however many there are. */
export async function peopleNamed(
  context: ReadContext,
  item: NotificationRow,
  names: readonly string[],
): Promise<Person[]> {
  if (names.length === 0) return [];
  const { db, dialect } = context;
  const { log, n } = item;
  const { rows } = await sql<Row>`
    select t.value as person, p.sent_n,
      (select max(r.n) from streams s join reached r on r.log = s.log and r.process = s.process
        where s.log = ${log} and s.person = t.value) as reached,
      (select min(a.at) from acks a where a.log = ${log} and a.person = t.value and a.n >= ${n}) as acked_at,
      m.n as marked, m.seen_at, m.read_at, m.archived_at
    from ${dialect.texts(names)}
    left join people p on p.log = ${log} and p.person = t.value
    left join marks m on m.log = ${log} and m.person = t.value and m.n = ${n}`.execute(db);
  const marks = await marksOf(context, item, names);
  const found = new Map(rows.map((row) => [row.person, toPerson(row, marks)]));
  return names.map((name) => found.get(name) as Person);
}

function toPerson(row: Row, marks: (name: string) => MarkTimes): Person {
  const own = { seen: row.seen_at, read: row.read_at, archived: row.archived_at };
  const times = row.marked === null ? marks(row.person) : own;
  return {
    name: row.person,
    sent: Math.max(row.sent_n ?? 0, row.reached ?? 0),
    ackedAt: row.acked_at,
    seenAt: times.seen,
    readAt: times.read,
    archivedAt: times.archived,
  };
}

type WatermarkOf = WatermarkRow & { grants: string | null };

/** What the watermarks of each of them say about the item, where they have no row of their own for it. */
async function marksOf(
  context: ReadContext,
  { log, n, type, recipients }: NotificationRow,
  names: readonly string[],
): Promise<(name: string) => MarkTimes> {
  const { rows } = await sql<WatermarkOf>`
    select w.*, s.grants from ${context.dialect.texts(names)}
    ${context.dialect.lookUp('watermarks', 'w', sql`w.log = ${log} and w.person = t.value and w.n >= ${n}`)}
    left join watermark_scopes s on s.log = w.log and s.person = w.person and s.scope = w.scope order by w.n`.execute(
    context.db,
  );
  const byPerson = Map.groupBy(rows, ({ person }) => person);
  const item = { n, type, recipients: JSON.parse(recipients) as Channel[] };
  return (name) => {
    const theirs = (byPerson.get(name) ?? []).map((row) => ({
      ...row,
      grants: row.scope === ANY_SCOPE ? EVERYTHING : row.grants === null ? NOTHING : parseGrants(row.grants),
      isWhole: row.scope === ANY_SCOPE,
    }));
    if (theirs.length === 0) return { seen: null, read: null, archived: null };
    const viewer = { log, person: name, own: userChannel(name), grants: NOTHING, sharedFrom: PAST_ALL };
    return new Watermarks(theirs, { context, viewer }).timesOf(item);
  };
}
