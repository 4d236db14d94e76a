/** What the calls below check their arguments with. The older checks stand in `outbox.ts`. */
export const SQL_CHECKS = String.raw`
alter table belfry.outbox drop constraint outbox_kind_check;
alter table belfry.outbox add constraint outbox_kind_check check (kind in ('notification', 'event', 'ask', 'answer',
  'cancel', 'run', 'run_update', 'run_log', 'grant', 'revoke'));

create function belfry.put_call(tenant text, kind text, body jsonb) returns void language sql as $$
  insert into belfry.outbox (tenant, kind, body) values (tenant, kind, body::text)
$$;

create function belfry.is_absent(value jsonb) returns boolean immutable language sql as $$
  select value is null or value = 'null'
$$;

-- An object to build on: options may be null.
create function belfry.object_of(value jsonb) returns jsonb immutable language sql as $$
  select case when jsonb_typeof(value) = 'object' then value else '{}' end
$$;

-- Text that may be absent, and else has something in it.
create function belfry.check_key(field text, value jsonb, most integer) returns void language plpgsql as $$
begin
  perform belfry.check_text(field, value, most, not belfry.is_absent(value));
end $$;

create function belfry.check_id(id text) returns void language plpgsql as $$
begin
  perform belfry.check_text('id', to_jsonb(id), 200, true);
end $$;

create function belfry.check_user(field text, name text) returns void language plpgsql as $$
begin
  if name is null or not belfry.is_name(name) then
    perform belfry.refuse(field, 'must start with a letter or digit, hold letters, digits and . _ ~ @ | + : / - only, '
      'and be at most 200 long');
  end if;
end $$;

create function belfry.check_number(field text, value jsonb, lowest numeric, most numeric) returns void
language plpgsql as $$
begin
  if belfry.is_absent(value) then return; end if;
  if jsonb_typeof(value) <> 'number' or value::numeric not between lowest and most then
    perform belfry.refuse(field, format('must be a number from %s to %s', lowest, most));
  end if;
end $$;

create function belfry.check_size(field text, value jsonb) returns void language plpgsql as $$
begin
  if octet_length(value::text) > 16384 then
    perform belfry.refuse(field, 'is too large: at most 16,384 bytes of JSON');
  end if;
end $$;

create function belfry.check_one_of(field text, value jsonb, choices text[]) returns void language plpgsql as $$
begin
  if value is null then return; end if;
  if jsonb_typeof(value) <> 'string' or value #>> '{}' <> all (choices) then
    perform belfry.refuse(field, 'must be one of ' || (select string_agg(to_json(c)::text, ', ') from unnest(choices) c));
  end if;
end $$;

create function belfry.check_list(field text, value jsonb, lowest integer, most integer) returns void
language plpgsql as $$
begin
  if jsonb_typeof(value) <> 'array' then perform belfry.refuse(field, 'must be an array'); end if;
  if jsonb_array_length(value) < lowest then perform belfry.refuse(field, 'must not be empty'); end if;
  if jsonb_array_length(value) > most then perform belfry.refuse(field, format('is too long: at most %s', most)); end if;
end $$;

create function belfry.check_time(field text, value jsonb) returns void language plpgsql as $$
begin
  if belfry.is_absent(value) then return; end if;
  if jsonb_typeof(value) = 'string' and value #>> '{}' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$' then
    begin
      perform (value #>> '{}')::timestamptz;
      return;
    exception when data_exception then null;
    end;
  end if;
  perform belfry.refuse(field, 'must be a time such as 2030-01-31T12:00:00Z');
end $$;

create function belfry.check_fallback(value jsonb) returns void language plpgsql as $$
declare
  seconds jsonb := value -> 'afterSeconds';
begin
  if not belfry.check_object('fallback', value, array['afterSeconds', 'until']) then return; end if;
  if belfry.is_absent(seconds) then perform belfry.refuse('fallback.afterSeconds', 'is missing'); end if;
  perform belfry.check_number('fallback.afterSeconds', seconds, 1, 2592000);
  if seconds::numeric % 1 <> 0 then
    perform belfry.refuse('fallback.afterSeconds', 'must be a whole number of seconds');
  end if;
  perform belfry.check_one_of('fallback.until', coalesce(value -> 'until', 'null'), array['seen', 'read']);
end $$;

create or replace function belfry.check_options(options jsonb) returns void language plpgsql as $$
begin
  perform belfry.check_object('options', options, array['body', 'actionUrl', 'actions', 'actor', 'icon', 'severity',
    'subject', 'data', 'dedupeKey', 'expiresAt', 'fallback']);
  perform belfry.check_text('body', options -> 'body', 4000, false);
  perform belfry.check_link('actionUrl', options -> 'actionUrl');
  perform belfry.check_actions(options -> 'actions');
  perform belfry.check_actor(options -> 'actor');
  perform belfry.check_text('icon', options -> 'icon', 2000, false);
  if options ->> 'severity' not in ('info', 'success', 'warning', 'critical') then
    perform belfry.refuse('severity', 'must be one of "info", "success", "warning", "critical"');
  end if;
  perform belfry.check_subject(options -> 'subject');
  perform belfry.check_data(options -> 'data');
  perform belfry.check_key('dedupeKey', options -> 'dedupeKey', 255);
  perform belfry.check_expiry(options -> 'expiresAt');
  perform belfry.check_fallback(options -> 'fallback');
end $$;
`;

/**
 * The end of a function's definition, for one that applications call: it writes its outbox row as the schema's owner,
 * and with belfry.strict off a wrong call returns null and is a dead letter. Only then it pays for a savepoint.
 *
 * @param said text to keep of a wrong call.
 */
export function guarded(kind: string, put: string, said: string): string {
  return `
language plpgsql security definer set search_path = pg_catalog, pg_temp set standard_conforming_strings = on as $$
begin
  if belfry.is_strict() then return ${put}; end if;
  begin
    return ${put};
  exception when others then
    perform belfry.keep_letter(tenant, '${kind}', sqlerrm, ${said});
    return null;
  end;
end $$;
`;
}
