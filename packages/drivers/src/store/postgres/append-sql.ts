import type { KeptResult, NewEvent } from '../sql/log/appender.ts';
import type { EventRow, NotificationRow, RunTailRow } from '../sql/schema.ts';
import { numberArray, numberColumn, textArray, textColumn } from './arrays.ts';
import type { Change, Changed } from './joined.ts';

/**
 * However many rows: one statement a table, each column one parameter. A column that is null in all rows is one null,
 * which `unnest` fills up, and one that is the same in all rows is that value. Arrays are unnested where they are
 * selected: in a FROM the server would keep each column in a store of its own first, for a quarter of what one row costs.
 */
const EVENTS = change(
  'events',
  `
  insert into events (log, n, check_value, type, time, recipients, data, bytes, total_bytes)
  select $1, n, check_value, coalesce(r.type, $3), $2, recipients, coalesce(r.data, $4), bytes, total_bytes
  from (select unnest($5::int8[]) as n, unnest($6::text[]) as check_value, unnest($7::text[]) as type,
    unnest($8::text[]) as recipients, unnest($9::text[]) as data, unnest($10::int8[]) as bytes,
    unnest($11::int8[]) as total_bytes) as r`,
);

const ITEMS = change(
  'items',
  `
  insert into notifications (log, n, id, type, severity, subject_kind, subject_id, created_at, expires_at, dedupe_key,
    recipients, content)
  select $1, n, id, coalesce(r.type, $3), coalesce(r.severity, $4), subject_kind, subject_id, $2, expires_at, dedupe_key,
    recipients, content
  from (select unnest($5::int8[]) as n, unnest($6::text[]) as id, unnest($7::text[]) as type,
    unnest($8::text[]) as severity, unnest($9::text[]) as subject_kind, unnest($10::text[]) as subject_id,
    unnest($11::int8[]) as expires_at, unnest($12::text[]) as dedupe_key, unnest($13::text[]) as recipients,
    unnest($14::text[]) as content) as r`,
);

const EVENT_CHANNELS = channels('event_channels');
const ADDRESSED = channels('addressed');

const RESULTS = change(
  'results',
  `
  insert into idempotency (log, key, fingerprint, result, created_at)
  select $1, r.* from (select unnest($2::text[]) as key, unnest($3::text[]) as fingerprint, unnest($4::text[]) as result,
    unnest($5::int8[]) as created_at) as r
  on conflict (log, key) do update
  set fingerprint = excluded.fingerprint, result = excluded.result, created_at = excluded.created_at`,
);

const RUN_TAIL = change('run_tail', 'update run_tails set line_count = $2, is_sealed = $3, due = $4 where log = $1');

function channels(table: string): Change {
  return change(
    table,
    `
  insert into ${table} (log, channel, n)
  select $1, r.* from (select unnest($2::text[]) as channel, unnest($3::int8[]) as n) as r`,
  );
}

function change(name: string, text: string): Change {
  return { name, text };
}

/** Events of one log and one moment, with the notifications that some of them made. */
export function appendChanges(events: readonly NewEvent[]): Changed[] {
  const [first] = events;
  if (first === undefined) return [];
  const { log, time } = first.row;
  const changes: Changed[] = [[EVENTS, [log, time, ...eventColumns(events.map(({ row }) => row))]]];
  const made = events.filter(({ item }) => item !== null);
  if (made.length > 0) {
    changes.push([ITEMS, [log, time, ...itemColumns(made.map(({ item }) => item as NotificationRow))]]);
    changes.push([ADDRESSED, [log, ...channelColumns(made)]]);
  }
  const others = made.length === events.length ? [] : events.filter(({ item }) => item === null);
  if (others.length > 0) changes.push([EVENT_CHANNELS, [log, ...channelColumns(others)]]);
  return changes;
}

function eventColumns(rows: readonly EventRow[]): (string | Buffer | null)[] {
  const [type, types] = sameOrEach(rows, 'type');
  const [data, datas] = sameOrEach(rows, 'data');
  const [n, checks] = [numberColumn(rows, 'n'), textColumn(rows, 'check_value')];
  const [bytes, totals] = [numberColumn(rows, 'bytes'), numberColumn(rows, 'total_bytes')];
  return [type, data, n, checks, types, textColumn(rows, 'recipients'), datas, bytes, totals];
}

function itemColumns(rows: readonly NotificationRow[]): (string | Buffer | null)[] {
  const [type, types] = sameOrEach(rows, 'type');
  const [severity, severities] = sameOrEach(rows, 'severity');
  const [n, ids] = [numberColumn(rows, 'n'), textColumn(rows, 'id')];
  const subject = [textOrNull(rows, 'subject_kind'), textOrNull(rows, 'subject_id')];
  const expiry = rows.every((row) => row.expires_at === null) ? null : numberColumn(rows, 'expires_at');
  const texts = [textOrNull(rows, 'dedupe_key'), textColumn(rows, 'recipients'), textColumn(rows, 'content')];
  return [type, severity, n, ids, types, severities, ...subject, expiry, ...texts];
}

/** The value that all have, or the column of each one's own; the other is null. */
function sameOrEach<Name extends string>(
  rows: readonly Record<Name, string>[],
  name: Name,
): [string | null, Buffer | null] {
  const value = rows[0]?.[name] ?? '';
  return rows.every((row) => row[name] === value) ? [value, null] : [null, textColumn(rows, name)];
}

function textOrNull<Name extends string>(rows: readonly Record<Name, string | null>[], name: Name): Buffer | null {
  return rows.every((row) => row[name] === null) ? null : textColumn(rows, name);
}

function channelColumns(events: readonly NewEvent[]): Buffer[] {
  const names: string[] = [];
  const numbers: number[] = [];
  for (const { row, channels } of events) {
    for (const channel of channels) {
      names.push(channel);
      numbers.push(row.n);
    }
  }
  return [textArray(names), numberArray(numbers)];
}

export function resultChanges(log: number, results: readonly (KeptResult & { key: string })[]): Changed[] {
  if (results.length === 0) return [];
  const values = [
    log,
    textArray(results.map((result) => result.key)),
    textArray(results.map((result) => result.fingerprint)),
    textArray(results.map((result) => result.result)),
    numberArray(results.map((result) => result.created_at)),
  ];
  return [[RESULTS, values]];
}

/** However many writes have moved it. */
export function runTailChanges({ log, line_count, is_sealed, due }: RunTailRow): Changed[] {
  return [[RUN_TAIL, [log, line_count, is_sealed, due]]];
}
