/** Runs, where their own logs end, and the keys that sign addresses of their artifacts. */
export const RUNS = `
  create table runs (
    log integer not null, n bigint not null, id text collate "C" not null unique, kind text collate "C" not null,
    status text collate "C" not null, is_open smallint not null, subject_kind text collate "C",
    subject_id text collate "C", recipients text not null, content text not null, primary key (log, n)
  );
  create index runs_open on runs (log, n) where is_open = 1;
  create index runs_by_subject on runs (log, subject_kind, subject_id, n) where subject_kind is not null;
  create table run_channels (
    log integer not null, channel text collate "C" not null, n bigint not null, is_open smallint not null,
    primary key (log, channel, n)
  );
  create index run_channels_open on run_channels (log, channel, n) where is_open = 1;
  create table run_tails (
    log integer primary key, line_count bigint not null, is_sealed smallint not null, timeout_ms bigint, due bigint
  ) with (fillfactor = 50);
  create index run_tails_by_due on run_tails (due) where due is not null;
  create table signing_keys (secret text collate "C" primary key, created_at bigint not null);
`;
