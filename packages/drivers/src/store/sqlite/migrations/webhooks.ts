/** `secret` is kept as it is: deliveries are signed with it. */
export const WEBHOOKS = `
  create table webhooks (
    id text primary key, log integer not null, url text not null, events text not null, secret text not null,
    n integer not null, created_at integer not null
  );
  create index webhooks_by_log on webhooks (log);
  create table webhook_deliveries (
    number integer primary key autoincrement, id text not null unique, webhook text not null, n integer, type text not null,
    body text not null, status text not null, at integer not null, attempts integer not null, claim integer not null,
    error text, created_at integer not null
  );
  create index webhook_deliveries_by_time on webhook_deliveries (status, at);
  create index webhook_deliveries_by_webhook on webhook_deliveries (webhook, status, at);
  create index webhook_deliveries_by_number on webhook_deliveries (webhook, number);
`;
