/**
 * What a group of writes that is one statement stands on: where the log ends as it is known, the keys are new and the
 * time is right, takes its lock (kind and log name it) and gives one row; else nothing. It waits for nobody, and raises
 * nothing, as each error would be a line in the server's log. A statement may have been on its way for some seconds, as a
 * transaction may take them; but it is not from the future. Volatile: each query in it has a snapshot of its own, so that
 * what it reads is no older than the lock.
 */
export const HOLD_LOG = `
  create function belfry.hold_log(lock_kind integer, of_log integer, known_n bigint, known_check text, at bigint,
    keys text[])
  returns table (log integer, now bigint)
  language plpgsql volatile rows 1 as $$
  declare
    newest record;
  begin
    if not pg_try_advisory_xact_lock(lock_kind, of_log) then return; end if;
    select e.n, e.check_value into newest from belfry.events as e where e.log = of_log order by e.n desc limit 1;
    if newest.n is distinct from known_n or newest.check_value is distinct from known_check then return; end if;
    if exists (select from belfry.idempotency as i where i.log = of_log and i.key = any (keys)) then return; end if;
    now := (extract(epoch from clock_timestamp()) * 1000)::int8;
    if now - at not between -1000 and 5000 then return; end if;
    log := of_log;
    return next;
  end
  $$;
`;
