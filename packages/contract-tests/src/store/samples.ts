import { type NotificationDraft, type Person, type Reader, readerOf } from '@belfry/core';

let made = 0;

export function newTenant(): string {
  made += 1;
  return `tenant-${process.pid}-${made}-${crypto.randomUUID().slice(0, 8)}`;
}

export function draft(over: Partial<NotificationDraft> = {}): NotificationDraft {
  return {
    id: crypto.randomUUID(),
    to: ['user:ada'],
    type: 'comment',
    title: 'A comment',
    body: null,
    actionUrl: null,
    actions: [],
    actor: null,
    icon: null,
    severity: 'info',
    subject: null,
    data: null,
    dedupeKey: null,
    expiresAt: null,
    ...over,
  };
}

export function person(tenant: string, user: string, over: Partial<Person> = {}): Person {
  return {
    kind: 'person',
    tenant,
    user,
    name: null,
    avatarUrl: null,
    roles: [],
    channels: [],
    readOnly: false,
    since: null,
    expiresAt: null,
    ...over,
  };
}

export function reader(tenant: string, user: string, over: Partial<Person> = {}): Reader {
  return readerOf(person(tenant, user, over), Date.now());
}
