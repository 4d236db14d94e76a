import type { KeptResult, NewEvent } from '../sql/appender.ts';
import type { RunTailRow } from '../sql/schema.ts';
import { numberArray, textArray } from './arrays.ts';
import type { Statement } from './connection.ts';

/**
 * However many rows: one statement for both tables, each column one parameter. A column that is null in all rows is one
 * null, which `unnest` fills up. The content of a notification goes over the wire once, and into its event here.
 */
const ROWS = `
  with rows as materialized (
    select * from unnest($3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int8[], $9::int8[],
      $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int8[], $16::text[], $17::text[])
    as r(n, check_value, event_type, recipients, data, bytes, total_bytes,
      id, type, severity, subject_kind, subject_id, expires_at, dedupe_key, content)
  ), items as (
    insert into notifications (log, n, id, type, severity, subject_kind, subject_id, created_at, expires_at, dedupe_key,
      recipients, content)
    select $1, n, id, type, severity, subject_kind, subject_id, $2, expires_at, dedupe_key, recipients, content
    from rows where id is not null
  )
  insert into events (log, n, check_value, type, time, recipients, data, bytes, total_bytes)
  select $1, n, check_value, event_type, $2, recipients, coalesce(data, '{"notification":' || content || '}'), bytes,
    total_bytes
  from rows`;

/** One statement each: both from one list cost more, as the server would have to keep the list. */
const channels = (table: string) => `
  insert into ${table} (log, channel, n) select $1, * from unnest($2::text[], $3::int8[])`;
const EVENT_CHANNELS = channels('event_channels');
const ADDRESSED = channels('addressed');

const RESULTS = `
  insert into idempotency (log, key, fingerprint, result, created_at)
  select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::int8[])
  on conflict (log, key) do update
  set fingerprint = excluded.fingerprint, result = excluded.result, created_at = excluded.created_at`;

/** Events of one log and one moment, with the notifications that some of them made. */
export function appendStatements(events: readonly NewEvent[]): Statement[] {
  const [first] = events;
  if (first === undefined) return [];
  const { log, time } = first.row;
  const made = events.filter(({ item }) => item !== null);
  const all = channelColumns(events);
  const addressed = made.length === events.length ? all : channelColumns(made);
  return [
    [ROWS, [log, time, ...columnsOf(events)]],
    [EVENT_CHANNELS, [log, ...all]],
    ...(made.length === 0 ? [] : [[ADDRESSED, [log, ...addressed]] as const]),
  ];
}

function columnsOf(events: readonly NewEvent[]): (Buffer | null)[] {
  const numbers = (of: (event: NewEvent) => number | null) => column(numberArray, events.map(of));
  const texts = (of: (event: NewEvent) => string | null) => column(textArray, events.map(of));
  return [
    numbers(({ row }) => row.n),
    texts(({ row }) => row.check_value),
    texts(({ row }) => row.type),
    texts(({ row }) => row.recipients),
    // The server makes it from the content of an item.
    texts(({ row, item }) => (item === null ? row.data : null)),
    numbers(({ row }) => row.bytes),
    numbers(({ row }) => row.total_bytes),
    texts(({ item }) => item?.id ?? null),
    texts(({ item }) => item?.type ?? null),
    texts(({ item }) => item?.severity ?? null),
    texts(({ item }) => item?.subject_kind ?? null),
    texts(({ item }) => item?.subject_id ?? null),
    numbers(({ item }) => item?.expires_at ?? null),
    texts(({ item }) => item?.dedupe_key ?? null),
    texts(({ item }) => item?.content ?? null),
  ];
}

function column<Value>(array: (list: (Value | null)[]) => Buffer, list: (Value | null)[]): Buffer | null {
  return list.every((value) => value === null) ? null : array(list);
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

export function resultStatements(log: number, results: readonly (KeptResult & { key: string })[]): Statement[] {
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

const RUN_TAIL = 'update run_tails set line_count = $2, is_sealed = $3, due = $4 where log = $1';

/** However many writes have moved it. */
export function runTailStatements({ log, line_count, is_sealed, due }: RunTailRow): Statement[] {
  return [[RUN_TAIL, [log, line_count, is_sealed, due]]];
}
