/** `secret` is kept as it is: deliveries are signed with it. */
export const WEBHOOKS = `
  create table webhooks (
    id text collate "C" primary key, log integer not null, url text not null, events text not null, secret text not null,
    n bigint not null, created_at bigint not null
  );
  create index webhooks_by_log on webhooks (log);
  create table webhook_deliveries (
    number bigint generated always as identity primary key, id text collate "C" not null unique,
    webhook text collate "C" not null, n bigint, type text collate "C" not null, body text not null,
    status text collate "C" not null, at bigint not null, attempts integer not null, claim integer not null, error text,
    created_at bigint not null
  );
  create index webhook_deliveries_by_time on webhook_deliveries (status, at);
  create index webhook_deliveries_by_webhook on webhook_deliveries (webhook, status, at);
  create index webhook_deliveries_by_number on webhook_deliveries (webhook, number);
`;
