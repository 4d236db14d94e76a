/** Runs, where their own logs end, and the keys that sign addresses of their artifacts. */
export const RUNS = `
  create table runs (
    log integer not null, n integer not null, id text not null unique, kind text not null, status text not null,
    is_open integer not null, subject_kind text, subject_id text, recipients text not null, content text not null,
    primary key (log, n)
  ) without rowid;
  create index runs_open on runs (log, n) where is_open = 1;
  create index runs_by_subject on runs (log, subject_kind, subject_id, n) where subject_kind is not null;
  create table run_channels (
    log integer not null, channel text not null, n integer not null, is_open integer not null,
    primary key (log, channel, n)
  ) without rowid;
  create index run_channels_open on run_channels (log, channel, n) where is_open = 1;
  create table run_tails (
    log integer primary key, line_count integer not null, is_sealed integer not null, timeout_ms integer, due integer
  );
  create index run_tails_by_due on run_tails (due) where due is not null;
  create table signing_keys (secret text primary key, created_at integer not null) without rowid;
`;
