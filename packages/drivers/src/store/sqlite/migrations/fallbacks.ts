export const FALLBACKS = `
  create table fallbacks (
    log integer not null, n integer not null, until text not null, due_at integer, after text not null, error text,
    primary key (log, n)
  ) without rowid;
  create index fallbacks_due on fallbacks (due_at) where due_at is not null;
  create index webhook_deliveries_by_item on webhook_deliveries (n) where type = 'notification.fallback';
`;
