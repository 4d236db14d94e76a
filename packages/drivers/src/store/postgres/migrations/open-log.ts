/**
 * What a group of writes begins with, in one statement: takes the log's lock (kind and log name it) and then finds its
 * end. Volatile: each query in it has a snapshot of its own, so that what it reads is no older than the lock.
 */
export const OPEN_LOG = `
  create function belfry.open_log(lock_kind integer, of_log integer, out now bigint, out n bigint, out check_value text,
    out "time" bigint, out total_bytes bigint)
  language plpgsql volatile as $$
  begin
    perform pg_advisory_xact_lock(lock_kind, of_log);
    select e.n, e.check_value, e.time, e.total_bytes into n, check_value, "time", total_bytes
      from belfry.events as e where e.log = of_log order by e.n desc limit 1;
    now := (extract(epoch from clock_timestamp()) * 1000)::int8;
  end
  $$;
`;
