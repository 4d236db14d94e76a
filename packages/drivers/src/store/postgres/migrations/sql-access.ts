import { guarded } from './sql-checks.ts';

/** `belfry.grant` and `revoke`. */
export const SQL_ACCESS = `
create function belfry.put_access(kind text, tenant text, channel text, "user" text) returns text
language plpgsql as $$
begin
  perform belfry.check_tenant(tenant);
  if channel is null or not (
    (channel ~ '^(topic|role):' and belfry.is_channel(channel))
    or channel = 'topic:*' or (channel like 'topic:%*' and belfry.is_channel(left(channel, -1)))
  ) then
    perform belfry.refuse('channel', 'must be topic:<name>, role:<name>, or a topic: prefix that ends in *');
  end if;
  perform belfry.check_user('user', "user");
  perform belfry.put_call(tenant, kind, jsonb_build_object('channel', channel, 'user', "user"));
  return channel;
end $$;

create function belfry.grant(tenant text, channel text, "user" text) returns text
${guarded('grant', `belfry.put_access('grant', tenant, channel, "user")`, 'channel, "user"')}
create function belfry.revoke(tenant text, channel text, "user" text) returns text
${guarded('revoke', `belfry.put_access('revoke', tenant, channel, "user")`, 'channel, "user"')}
`;
