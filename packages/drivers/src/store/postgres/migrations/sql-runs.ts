import { guarded } from './sql-checks.ts';

/** `belfry.run`, `run_update` and `run_log`. */
export const SQL_RUNS = `
create function belfry.put_run(tenant text, "to" text[], kind text, title text, options jsonb) returns text
language plpgsql as $$
declare
  id text := belfry.new_id();
  list jsonb;
begin
  perform belfry.check_tenant(tenant);
  list := belfry.check_to("to");
  perform belfry.check_text('kind', to_jsonb(kind), 100, true);
  perform belfry.check_text('title', to_jsonb(title), 200, true);
  perform belfry.check_object('options', options, array['subject', 'data', 'heartbeatTimeoutSeconds']);
  perform belfry.check_subject(options -> 'subject');
  perform belfry.check_data(options -> 'data');
  perform belfry.check_number('heartbeatTimeoutSeconds', options -> 'heartbeatTimeoutSeconds', 1, 604800);
  perform belfry.put_call(tenant, 'run',
    belfry.object_of(options) || jsonb_build_object('id', id, 'to', list, 'kind', kind, 'title', title));
  return id;
end $$;

create function belfry.check_artifacts(value jsonb) returns void language plpgsql as $$
declare
  artifact jsonb;
begin
  perform belfry.check_list('artifacts', value, 0, 100);
  for artifact in select * from jsonb_array_elements(value) loop
    if not belfry.check_object('artifacts', artifact, array['name', 'url', 'contentType', 'size']) then
      perform belfry.refuse('artifacts', 'must hold objects');
    end if;
    perform belfry.check_text('artifacts.name', artifact -> 'name', 100, true);
    perform belfry.check_text('artifacts.url', artifact -> 'url', 2000, true);
    if not belfry.is_link(artifact ->> 'url') or artifact ->> 'url' like '/%' then
      perform belfry.refuse('artifacts.url', 'must be an http(s) address');
    end if;
    perform belfry.check_key('artifacts.contentType', artifact -> 'contentType', 100);
    perform belfry.check_number('artifacts.size', artifact -> 'size', 0, 9007199254740991);
  end loop;
end $$;

create function belfry.put_run_update(tenant text, id text, changes jsonb) returns text language plpgsql as $$
begin
  perform belfry.check_tenant(tenant);
  perform belfry.check_id(id);
  if not belfry.check_object('changes', changes, array['status', 'progress', 'message', 'result', 'artifacts'])
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
  perform belfry.put_call(tenant, 'run_update', jsonb_build_object('id', id, 'change', changes));
  return id;
end $$;

create function belfry.check_line(line jsonb) returns void language plpgsql as $$
begin
  if not belfry.check_object('lines', line, array['text', 'level', 'time']) then
    perform belfry.refuse('lines', 'must hold text, or objects with text');
  end if;
  if jsonb_typeof(line -> 'text') is distinct from 'string' then perform belfry.refuse('lines.text', 'must be text'); end if;
  if octet_length(line ->> 'text') > 16384 then
    perform belfry.refuse('lines.text', 'is too large: at most 16,384 bytes');
  end if;
  perform belfry.check_time('lines.time', line -> 'time');
  if belfry.is_absent(line -> 'level') then return; end if;
  if jsonb_typeof(line -> 'level') <> 'string' or line ->> 'level' !~ '^[A-Za-z][A-Za-z0-9_-]{0,19}$' then
    perform belfry.refuse('lines.level', 'must be a word such as info or error');
  end if;
end $$;

create function belfry.put_run_log(tenant text, id text, lines jsonb) returns text language plpgsql as $$
declare
  line jsonb;
  list jsonb := '[]';
begin
  perform belfry.check_tenant(tenant);
  perform belfry.check_id(id);
  perform belfry.check_list('lines', coalesce(lines, 'null'), 1, 1000);
  select jsonb_agg(case when jsonb_typeof(each) = 'string' then jsonb_build_object('text', each) else each end order by i)
    into list from jsonb_array_elements(lines) with ordinality as t(each, i);
  for line in select * from jsonb_array_elements(list) loop
    perform belfry.check_line(line);
  end loop;
  perform belfry.put_call(tenant, 'run_log', jsonb_build_object('id', id, 'lines', list));
  return id;
end $$;

create function belfry.run(tenant text, "to" text[], kind text, title text, options jsonb default '{}') returns text
${guarded('run', 'belfry.put_run(tenant, "to", kind, title, options)', `array_to_string("to", ' '), kind, title, options::text`)}
create function belfry.run(tenant text, "to" text, kind text, title text, options jsonb default '{}') returns text
language sql as $$ select belfry.run(tenant, array["to"], kind, title, options) $$;

create function belfry.run_update(tenant text, id text, changes jsonb) returns text
${guarded('run_update', 'belfry.put_run_update(tenant, id, changes)', 'id, changes::text')}
create function belfry.run_log(tenant text, id text, lines jsonb) returns text
${guarded('run_log', 'belfry.put_run_log(tenant, id, lines)', 'id, lines::text')}
create function belfry.run_log(tenant text, id text, line text, level text default null) returns text
${guarded('run_log', `belfry.put_run_log(tenant, id, jsonb_build_array(jsonb_build_object('text', line, 'level', level)))`, 'id, line, level')}
`;
