/** Events that a webhook never came to, because they were too old before. */
export const WEBHOOK_MISSES = 'alter table webhooks add column missed bigint not null default 0';
