/** What the logs of runs hold, each and together. The first sweep fills them: until then they hold nothing that is known. */
export const RUN_SIZES = `
  create table run_sizes (
    log integer primary key, tenant integer not null, bytes bigint not null, is_open smallint not null, at bigint not null
  );
  create index run_sizes_oldest on run_sizes (tenant, is_open, at, log) where bytes > 0;
  create table run_totals (tenant integer primary key, bytes bigint not null);
`;
