/** `belfry.run_update` takes `heartbeatTimeoutSeconds`, as PATCH of a run does: for who takes it up. */
export const SQL_RUN_TIMEOUT = `
create or replace function belfry.put_run_update(tenant text, id text, changes jsonb) returns text
language plpgsql as $$
begin
  perform belfry.check_tenant(tenant);
  perform belfry.check_id(id);
  if not belfry.check_object('changes', changes,
      array['status', 'progress', 'message', 'result', 'artifacts', 'heartbeatTimeoutSeconds'])
    or changes = '{}'
  then
    perform belfry.refuse('changes', 'must change something');
  end if;
  perform belfry.check_one_of('status', changes -> 'status',
    array['queued', 'running', 'input_required', 'succeeded', 'failed', 'cancelled']);
  perform belfry.check_number('progress', changes -> 'progress', 0, 1);
  perform belfry.check_text('message', changes -> 'message', 4000, false);
  perform belfry.check_size('result', changes -> 'result');
  if changes ? 'artifacts' then perform belfry.check_artifacts(changes -> 'artifacts'); end if;
  perform belfry.check_number('heartbeatTimeoutSeconds', changes -> 'heartbeatTimeoutSeconds', 1, 604800);
  perform belfry.put_call(tenant, 'run_update', jsonb_build_object('id', id, 'change', changes));
  return id;
end $$;
`;
