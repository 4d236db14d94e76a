import { guarded } from './sql-checks.ts';

/** `belfry.ask`, `answer` and `cancel`. Of a schema the outline is checked here, and the rest by the relay. */
export const SQL_QUESTIONS = `
create function belfry.check_choices(value jsonb) returns void language plpgsql as $$
declare
  choice jsonb;
begin
  if belfry.is_absent(value) then return; end if;
  perform belfry.check_list('options.options', value, 1, 100);
  for choice in select * from jsonb_array_elements(value) loop
    if jsonb_typeof(choice) = 'object' then
      perform belfry.check_object('options.options', choice, array['value', 'title']);
      perform belfry.check_key('options.options.title', choice -> 'title', 200);
      choice := choice -> 'value';
    end if;
    perform belfry.check_text('options.options', choice, 200, true);
  end loop;
end $$;

create function belfry.check_schema(value jsonb) returns void language plpgsql as $$
declare
  name text;
  definition jsonb;
begin
  if belfry.is_absent(value) then return; end if;
  perform belfry.check_size('schema', value);
  perform belfry.check_object('schema', value, array['$schema', 'type', 'title', 'description', 'properties',
    'required', 'additionalProperties']);
  perform belfry.check_one_of('schema.type', coalesce(value -> 'type', 'null'), array['object']);
  if jsonb_typeof(value -> 'properties') is distinct from 'object' or value -> 'properties' = '{}' then
    perform belfry.refuse('schema.properties', 'must be an object with at least one field');
  end if;
  for name, definition in select * from jsonb_each(value -> 'properties') loop
    if not belfry.check_object(concat('schema.properties.', left(name, 60)), definition, array['type', 'title',
      'description', 'default', 'minLength', 'maxLength', 'format', 'enum', 'enumNames', 'oneOf', 'items', 'minItems',
      'maxItems', 'minimum', 'maximum'])
    then
      perform belfry.refuse(concat('schema.properties.', left(name, 60)), 'must be an object');
    end if;
    perform belfry.check_one_of(concat('schema.properties.', left(name, 60), '.type'),
      coalesce(definition -> 'type', 'null'), array['string', 'number', 'integer', 'boolean', 'array']);
  end loop;
end $$;

create function belfry.check_asker(options jsonb) returns void language plpgsql as $$
declare
  asker jsonb := options -> 'askedBy';
begin
  perform belfry.check_one_of('answerBy', nullif(options -> 'answerBy', 'null'), array['person', 'service']);
  if not belfry.check_object('askedBy', asker, array['user', 'name']) then return; end if;
  perform belfry.check_text('askedBy.user', asker -> 'user', 200, true);
  perform belfry.check_user('askedBy.user', asker ->> 'user');
  perform belfry.check_key('askedBy.name', asker -> 'name', 200);
  if options ->> 'answerBy' = 'person' then
    perform belfry.refuse('answerBy', 'must be service where there is askedBy: what a person asks is for services');
  end if;
end $$;

create function belfry.check_question(options jsonb) returns void language plpgsql as $$
declare
  seconds jsonb := options -> 'expiresInSeconds';
begin
  perform belfry.check_object('options', options, array['description', 'options', 'schema', 'subject', 'assignee',
    'run', 'answerBy', 'askedBy', 'data', 'expiresAt', 'expiresInSeconds']);
  perform belfry.check_text('description', options -> 'description', 4000, false);
  perform belfry.check_choices(options -> 'options');
  perform belfry.check_schema(options -> 'schema');
  if not (belfry.is_absent(options -> 'options') or belfry.is_absent(options -> 'schema')) then
    perform belfry.refuse('schema', 'must be left out where there are options');
  end if;
  perform belfry.check_subject(options -> 'subject');
  perform belfry.check_key('assignee', options -> 'assignee', 200);
  perform belfry.check_key('run', options -> 'run', 200);
  perform belfry.check_asker(options);
  perform belfry.check_data(options -> 'data');
  perform belfry.check_expiry(options -> 'expiresAt');
  perform belfry.check_number('expiresInSeconds', seconds, 0.001, 316224000);
  if not (belfry.is_absent(seconds) or belfry.is_absent(options -> 'expiresAt')) then
    perform belfry.refuse('expiresInSeconds', 'must be left out where there is expiresAt');
  end if;
end $$;

create function belfry.put_question(tenant text, "to" text[], message text, options jsonb) returns text
language plpgsql as $$
declare
  id text := belfry.new_id();
  list jsonb;
begin
  perform belfry.check_tenant(tenant);
  list := belfry.check_to("to");
  perform belfry.check_text('message', to_jsonb(message), 1000, true);
  perform belfry.check_question(options);
  perform belfry.put_call(tenant, 'ask',
    belfry.object_of(options) || jsonb_build_object('id', id, 'to', list, 'message', message));
  return id;
end $$;

create function belfry.put_answer(tenant text, id text, action text, content jsonb, by_user text, by_name text)
returns text language plpgsql as $$
begin
  perform belfry.check_tenant(tenant);
  perform belfry.check_id(id);
  perform belfry.check_one_of('action', coalesce(to_jsonb(action), 'null'), array['accept', 'decline']);
  perform belfry.check_size('content', content);
  if not belfry.is_absent(content) then
    if action = 'decline' then
      perform belfry.refuse('content', 'must be left out where the question is declined');
    end if;
    if jsonb_typeof(content) <> 'object' then perform belfry.refuse('content', 'must be an object'); end if;
  end if;
  if by_user is not null then
    perform belfry.check_user('by_user', by_user);
    perform belfry.check_key('by_name', to_jsonb(by_name), 200);
  elsif by_name is not null then
    perform belfry.refuse('by_name', 'must be left out where there is no by_user');
  end if;
  perform belfry.put_call(tenant, 'answer', jsonb_build_object('id', id, 'action', action, 'content', content, 'by',
    case when by_user is not null then jsonb_build_object('user', by_user, 'name', by_name) end));
  return id;
end $$;

create function belfry.put_cancel(tenant text, id text) returns text language plpgsql as $$
begin
  perform belfry.check_tenant(tenant);
  perform belfry.check_id(id);
  perform belfry.put_call(tenant, 'cancel', jsonb_build_object('id', id));
  return id;
end $$;

create function belfry.ask(tenant text, "to" text[], message text, options jsonb default '{}') returns text
${guarded('ask', 'belfry.put_question(tenant, "to", message, options)', `array_to_string("to", ' '), message, options::text`)}
create function belfry.ask(tenant text, "to" text, message text, options jsonb default '{}') returns text
language sql as $$ select belfry.ask(tenant, array["to"], message, options) $$;

create function belfry.answer(tenant text, id text, action text, content jsonb default null, by_user text default null,
  by_name text default null) returns text
${guarded('answer', 'belfry.put_answer(tenant, id, action, content, by_user, by_name)', 'id, action, content::text, by_user, by_name')}
create function belfry.cancel(tenant text, id text) returns text
${guarded('cancel', 'belfry.put_cancel(tenant, id)', 'id')}
`;
