/**
 * What applications call in their own transactions, in a trigger or from any language. A call checks its arguments and
 * writes one outbox row, nothing else: it takes no lock, and is undone with the transaction. A relay makes the event.
 *
 * Lengths count UTF-16 units, as in HTTP. What only the relay can see (an address that no browser would take, a number
 * that no JSON parser reads) ends in `dead_letters`.
 */
export const OUTBOX = String.raw`
create table belfry.outbox (
  id bigint generated always as identity primary key,
  tenant text collate "C" not null, kind text not null check (kind in ('notification', 'event')),
  body text not null
);
-- What was called wrongly while belfry.strict was off, and what the relay could not deliver.
create table belfry.dead_letters (
  id bigint generated always as identity primary key,
  tenant text, kind text not null, body text, reason text not null, at timestamptz not null default clock_timestamp()
);
create index dead_letters_by_age on belfry.dead_letters (at);

create function belfry.refuse(field text, problem text) returns boolean language plpgsql as $$
begin
  raise exception 'belfry: % %', field, problem using errcode = 'invalid_parameter_value';
end $$;

create function belfry.new_id() returns text language plpgsql as $$
declare
  bytes bytea := uuid_send(gen_random_uuid());
  ms bytea := substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3);
begin
  bytes := overlay(bytes placing ms from 1 for 6);
  return encode(set_byte(bytes, 6, (get_byte(bytes, 6) & 15) | 112), 'hex')::uuid::text;
end $$;

create function belfry.utf16_length(value text) returns integer immutable language sql as $$
  select char_length(value) + char_length(regexp_replace(value, '[^\U00010000-\U0010ffff]', '', 'g'))
$$;

create function belfry.is_name(value text) returns boolean immutable language sql as $$
  select value ~ '^[A-Za-z0-9][A-Za-z0-9._~@|+:/-]{0,199}$'
$$;

create function belfry.is_channel(value text) returns boolean immutable language sql as $$
  select value = 'all' or (value ~ '^(user|role|topic):' and belfry.is_name(substring(value from position(':' in value) + 1)))
$$;

create function belfry.is_link(value text) returns boolean immutable language sql as $$
  select belfry.utf16_length(value) <= 2000 and value !~ '[\u0001-\u0020\u007f\\]'
    and (value ~ '^/($|[^/])' or value ~* '^https?://[^/?#]')
$$;

create function belfry.check_tenant(tenant text) returns void language plpgsql as $$
begin
  if tenant is null or not belfry.is_name(tenant) or tenant like '%/%' then
    perform belfry.refuse('tenant', 'must be a tenant name: letters, digits and . _ ~ @ | + : -');
  end if;
end $$;

-- The channels as a JSON array without repeats, in the caller's order.
create function belfry.check_to("to" text[]) returns jsonb language plpgsql as $$
declare
  wrong text;
  list jsonb;
begin
  if "to" is null or cardinality("to") = 0 then
    perform belfry.refuse('to', 'must name a channel: user:<id>, all, role:<name> or topic:<name>');
  end if;
  select coalesce(c, 'null') into wrong from unnest("to") c where c is null or not belfry.is_channel(c) limit 1;
  if wrong is not null then
    perform belfry.refuse('to', format('holds %s, which is no channel: use user:<id>, all, role:<name> or topic:<name>',
      to_json(left(wrong, 60))));
  end if;
  select jsonb_agg(c order by first) into list
    from (select c, min(i) as first from unnest("to") with ordinality as t(c, i) group by c) as distinct_channels;
  if jsonb_array_length(list) > 100 then perform belfry.refuse('to', 'is too long: at most 100 channels'); end if;
  return list;
end $$;

create function belfry.check_text(field text, value jsonb, most integer, is_required boolean) returns void
language plpgsql as $$
declare
  content text := value #>> '{}';
begin
  if value is null or value = 'null' then
    if is_required then perform belfry.refuse(field, 'is missing'); end if;
    return;
  end if;
  if jsonb_typeof(value) <> 'string' then perform belfry.refuse(field, 'must be text'); end if;
  if is_required and content = '' then perform belfry.refuse(field, 'must not be empty'); end if;
  if belfry.utf16_length(content) > most then
    perform belfry.refuse(field, format('is too long: at most %s characters', most));
  end if;
end $$;

create function belfry.check_link(field text, value jsonb) returns void language plpgsql as $$
begin
  if value is null or value = 'null' then return; end if;
  if jsonb_typeof(value) <> 'string' or not belfry.is_link(value #>> '{}') then
    perform belfry.refuse(field, 'must be an http(s) address, or a path that starts with one /');
  end if;
end $$;

-- An object with no other fields than these. False: it is absent.
create function belfry.check_object(field text, value jsonb, fields text[]) returns boolean language plpgsql as $$
declare
  unknown text;
begin
  if value is null or value = 'null' then return false; end if;
  if jsonb_typeof(value) <> 'object' then perform belfry.refuse(field, 'must be an object'); end if;
  select key into unknown from jsonb_object_keys(value) key where key <> all (fields) limit 1;
  if unknown is not null then
    perform belfry.refuse(concat(field, '.', left(unknown, 60)), 'is not a field here: check its spelling, or leave it out');
  end if;
  return true;
end $$;

create function belfry.check_data(value jsonb) returns void language plpgsql as $$
begin
  if octet_length(value::text) > 16384 then
    perform belfry.refuse('data', 'is too large: at most 16,384 bytes of JSON');
  end if;
end $$;

create function belfry.check_actions(value jsonb) returns void language plpgsql as $$
declare
  action jsonb;
begin
  if value is null or value = 'null' then return; end if;
  if jsonb_typeof(value) <> 'array' then perform belfry.refuse('actions', 'must be an array'); end if;
  if jsonb_array_length(value) > 10 then perform belfry.refuse('actions', 'is too long: at most 10 actions'); end if;
  for action in select * from jsonb_array_elements(value) loop
    if not belfry.check_object('actions', action, array['id', 'label', 'url']) then
      perform belfry.refuse('actions', 'must hold objects');
    end if;
    perform belfry.check_text('actions.id', action -> 'id', 200, true);
    perform belfry.check_text('actions.label', action -> 'label', 100, true);
    perform belfry.check_link('actions.url', action -> 'url');
  end loop;
end $$;

create function belfry.check_actor(value jsonb) returns void language plpgsql as $$
begin
  if belfry.check_object('actor', value, array['name', 'avatarUrl']) then
    perform belfry.check_text('actor.name', value -> 'name', 200, true);
    perform belfry.check_link('actor.avatarUrl', value -> 'avatarUrl');
  end if;
end $$;

create function belfry.check_subject(value jsonb) returns void language plpgsql as $$
begin
  if belfry.check_object('subject', value, array['kind', 'id', 'code', 'title', 'url']) then
    perform belfry.check_text('subject.kind', value -> 'kind', 100, true);
    perform belfry.check_text('subject.id', value -> 'id', 200, true);
    perform belfry.check_text('subject.code', value -> 'code', 100, false);
    perform belfry.check_text('subject.title', value -> 'title', 200, false);
    perform belfry.check_link('subject.url', value -> 'url');
  end if;
end $$;

create function belfry.check_expiry(value jsonb) returns void language plpgsql as $$
declare
  content text := value #>> '{}';
begin
  if value is null or value = 'null' then return; end if;
  if jsonb_typeof(value) <> 'string'
    or content !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$'
  then
    perform belfry.refuse('expiresAt', 'must be a time such as 2030-01-31T12:00:00Z');
  end if;
  begin
    if content::timestamptz > clock_timestamp() then return; end if;
  exception when data_exception then
    perform belfry.refuse('expiresAt', 'must be a time such as 2030-01-31T12:00:00Z');
  end;
  perform belfry.refuse('expiresAt', 'is in the past: give a later time, or leave it out');
end $$;

create function belfry.check_options(options jsonb) returns void language plpgsql as $$
begin
  perform belfry.check_object('options', options, array['body', 'actionUrl', 'actions', 'actor', 'icon', 'severity',
    'subject', 'data', 'dedupeKey', 'expiresAt']);
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
  perform belfry.check_text('dedupeKey', options -> 'dedupeKey', 255, coalesce(options -> 'dedupeKey', 'null') <> 'null');
  perform belfry.check_expiry(options -> 'expiresAt');
end $$;

create function belfry.put_notification(tenant text, "to" text[], type text, title text, options jsonb) returns text
language plpgsql as $$
declare
  id text := belfry.new_id();
  list jsonb;
begin
  perform belfry.check_tenant(tenant);
  list := belfry.check_to("to");
  if type is null or type !~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$' then
    perform belfry.refuse('type', 'must be 1 to 100 letters, digits and . _ : / -, starting with a letter or digit');
  end if;
  perform belfry.check_text('title', to_jsonb(title), 200, true);
  perform belfry.check_options(options);
  insert into belfry.outbox (tenant, kind, body) values (tenant, 'notification',
    (case when jsonb_typeof(options) = 'object' then options else '{}' end || jsonb_build_object('id', id, 'to', list, 'type', type, 'title', title))::text);
  return id;
end $$;

create function belfry.put_event(tenant text, "to" text[], type text, data jsonb) returns text language plpgsql as $$
declare
  id text := belfry.new_id();
  list jsonb;
begin
  perform belfry.check_tenant(tenant);
  list := belfry.check_to("to");
  if type is null or type !~ '^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$' or char_length(type) > 100
    or split_part(type, '.', 1) = any (array['notification', 'question', 'run', 'access', 'system', 'belfry'])
  then
    perform belfry.refuse('type', 'must be lower-case words joined by dots, at most 100 characters, and not of '
      'notification, question, run, access, system or belfry, which are Belfry''s own');
  end if;
  if data is null then perform belfry.refuse('data', 'is missing'); end if;
  perform belfry.check_data(data);
  insert into belfry.outbox (tenant, kind, body)
    values (tenant, 'event', jsonb_build_object('id', id, 'to', list, 'type', type, 'data', data)::text);
  return id;
end $$;

-- After "set belfry.strict = off" a wrong call is dropped and kept as a dead letter: a trigger never fails the
-- application's own write. Only then a call pays for a savepoint.
create function belfry.is_strict() returns boolean language sql as $$
  select lower(coalesce(nullif(current_setting('belfry.strict', true), ''), 'on')) not in ('off', 'false', 'no', '0')
$$;

-- About what was called with what. It must not fail, whatever that was.
create function belfry.keep_letter(tenant text, kind text, reason text, variadic said text[]) returns void
language plpgsql as $$
begin
  insert into belfry.dead_letters (tenant, kind, body, reason)
    select left(tenant, 200), kind, string_agg(left(part, 2000), E'\n'), left(reason, 2000) from unnest(said) part;
exception when others then
  insert into belfry.dead_letters (kind, reason) values (kind, 'A wrong call, too odd to be kept.');
end $$;

create function belfry.notify(tenant text, "to" text[], type text, title text, options jsonb default '{}') returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp set standard_conforming_strings = on as $$
begin
  if belfry.is_strict() then return belfry.put_notification(tenant, "to", type, title, options); end if;
  begin
    return belfry.put_notification(tenant, "to", type, title, options);
  exception when others then
    perform belfry.keep_letter(tenant, 'notification', sqlerrm, array_to_string("to", ' '), type, title, options::text);
    return null;
  end;
end $$;

create function belfry.notify(tenant text, "to" text, type text, title text, options jsonb default '{}') returns text
language sql as $$ select belfry.notify(tenant, array["to"], type, title, options) $$;

create function belfry.publish(tenant text, "to" text[], type text, data jsonb) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp set standard_conforming_strings = on as $$
begin
  if belfry.is_strict() then return belfry.put_event(tenant, "to", type, data); end if;
  begin
    return belfry.put_event(tenant, "to", type, data);
  exception when others then
    perform belfry.keep_letter(tenant, 'event', sqlerrm, array_to_string("to", ' '), type, data::text);
    return null;
  end;
end $$;

create function belfry.publish(tenant text, "to" text, type text, data jsonb) returns text
language sql as $$ select belfry.publish(tenant, array["to"], type, data) $$;
`;
