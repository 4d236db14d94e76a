import { AUDIENCE } from './migrations/audience.ts';
import { CLOSED } from './migrations/closed.ts';
import { EVENT_TEXTS } from './migrations/event-texts.ts';
import { FALLBACKS } from './migrations/fallbacks.ts';
import { ONCE } from './migrations/once.ts';
import { QUESTIONS } from './migrations/questions.ts';
import { RUN_SIZES } from './migrations/run-sizes.ts';
import { RUNS } from './migrations/runs.ts';
import { WEBHOOK_MISSES } from './migrations/webhook-misses.ts';
import { WEBHOOKS } from './migrations/webhooks.ts';

/**
 * Numbered from 1, never changed once released: a mend is a new one at the end.
 *
 * Small rows keyed by several columns are WITHOUT ROWID: the key is the table, one tree instead of two.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table logs (id integer primary key, tenant text not null unique);

  create table events (
    log integer not null, n integer not null, check_value text not null, type text not null, time integer not null,
    recipients text not null, data text not null, bytes integer not null, total_bytes integer not null,
    primary key (log, n)
  ) without rowid;
  create table event_channels (
    log integer not null, channel text not null, n integer not null, primary key (log, channel, n)
  ) without rowid;

  create table notifications (
    log integer not null, n integer not null, id text not null, type text not null, severity text not null,
    subject_kind text, subject_id text, created_at integer not null, expires_at integer, dedupe_key text,
    recipients text not null, content text not null, primary key (log, n)
  ) without rowid;
  create unique index notifications_by_id on notifications (log, id);
  create index notifications_by_time on notifications (log, created_at);
  create unique index notifications_by_dedupe_key on notifications (log, dedupe_key) where dedupe_key is not null;
  create index notifications_by_expiry on notifications (expires_at) where expires_at is not null;
  create table addressed (
    log integer not null, channel text not null, n integer not null, primary key (log, channel, n)
  ) without rowid;

  create table marks (
    log integer not null, person text not null, n integer not null,
    seen_at integer, read_at integer, archived_at integer, primary key (log, person, n)
  ) without rowid;
  create index marks_by_item on marks (log, n);
  create index marks_unread on marks (log, person, n) where read_at is null and archived_at is null;
  create index marks_kept on marks (log, person, n) where archived_at is null;
  create index marks_archived on marks (log, person, n) where archived_at is not null;
  create table watermarks (
    log integer not null, person text not null, mark text not null, pattern text not null, n integer not null,
    at integer not null, primary key (log, person, mark, pattern, n)
  ) without rowid;

  create table idempotency (
    log integer not null, key text not null, fingerprint text not null, result text not null,
    created_at integer not null, primary key (log, key)
  );
  create index idempotency_by_age on idempotency (created_at);

  create table tickets (
    hash text primary key, person text not null, unused_until integer not null, expires_at integer, access text,
    used_at integer, held integer not null, ended_at integer
  );
  create table api_keys (
    id text primary key, hash text not null unique, name text not null, scopes text not null, tenant text,
    created_at text not null
  );
  create table acks (
    log integer not null, person text not null, device text not null, n integer not null, check_value text not null,
    at integer not null, primary key (log, person, device)
  ) without rowid;
  `,
  `
  create index notifications_by_subject on notifications (log, subject_kind, subject_id, n)
    where subject_kind is not null;
  `,
  // A watermark holds for what its maker could see. Those from before say nothing about that: they hold for everything.
  `
  create table watermark_scopes (
    log integer not null, person text not null, scope text not null, grants text not null,
    primary key (log, person, scope)
  ) without rowid;
  create table scoped_watermarks (
    log integer not null, person text not null, mark text not null, pattern text not null, scope text not null,
    n integer not null, shared_from integer not null, at integer not null,
    primary key (log, person, mark, pattern, scope, n, shared_from)
  ) without rowid;
  insert into scoped_watermarks select log, person, mark, pattern, '', n, 0, at from watermarks;
  drop table watermarks;
  alter table scoped_watermarks rename to watermarks;
  `,
  `
  create table memberships (
    log integer not null, person text not null, channel text not null, n integer not null,
    primary key (log, person, channel)
  ) without rowid;
  create index memberships_by_channel on memberships (log, channel, person);
  create table revocations (
    log integer not null, person text not null, channel text not null, n integer not null, at integer not null,
    primary key (log, person, channel)
  ) without rowid;
  create table invalidations (
    log integer not null, person text not null, n integer not null, primary key (log, person)
  ) without rowid;
  `,
  `
  create table people (
    log integer not null, person text not null, scope text not null, grants text not null, sent_n integer not null,
    primary key (log, person)
  ) without rowid;
  create table people_channels (
    log integer not null, channel text not null, person text not null, primary key (log, channel, person)
  ) without rowid;
  create index people_channels_by_person on people_channels (log, person);
  create table streams (
    log integer not null, person text not null, process text not null, primary key (log, person, process)
  ) without rowid;
  create table reached (
    log integer not null, process text not null, n integer not null, at integer not null, primary key (log, process)
  ) without rowid;
  `,
  WEBHOOKS,
  FALLBACKS,
  QUESTIONS,
  RUNS,
  // Open questions that a run waits for. Of those asked before this, none is waited for.
  `
  create table run_questions (
    log integer not null, run text not null, n integer not null, primary key (log, run, n)
  ) without rowid;
  `,
  AUDIENCE,
  WEBHOOK_MISSES,
  `alter table webhooks add column old_secrets text not null default '[]'`,
  CLOSED,
  ONCE,
  RUN_SIZES,
  EVENT_TEXTS,
];
