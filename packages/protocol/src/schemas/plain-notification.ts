import { isChannel } from '../channel.ts';
import { isNotificationType } from '../filter.ts';
import { LIMITS } from '../limits.ts';
import { isObject } from './shortcuts.ts';
import { isSafeLink } from './text.ts';

/** What most notifications are made of. */
export interface PlainNotification {
  to: string[];
  type: string;
  title: string;
  body?: string | null;
  actionUrl?: string | null;
}

/** To one channel, with texts only. Undefined for every other, right or wrong: the schema says what it is. */
export function plainNotification(value: unknown): PlainNotification | undefined {
  if (!isObject(value)) return undefined;
  let known = 0;
  for (const name in value) {
    if (CHECKS[name]?.(value[name]) !== true) return undefined;
    if (name === 'to' || name === 'type' || name === 'title') known += 1;
  }
  if (known < 3) return undefined;
  // Always of one shape: what is read of it later is found at once.
  const { to, type, title, body, actionUrl } = value;
  return { to: [to], type, title, body, actionUrl } as PlainNotification;
}

/** A batch of such. */
export function plainBatch(value: unknown): { notifications: PlainNotification[] } | undefined {
  if (!isObject(value)) return undefined;
  for (const name in value) if (name !== 'notifications') return undefined;
  const { notifications: given } = value;
  if (!Array.isArray(given) || given.length === 0 || given.length > LIMITS.batchItems) return undefined;
  const notifications: PlainNotification[] = [];
  for (const one of given) {
    const plain = plainNotification(one);
    if (plain === undefined) return undefined;
    notifications.push(plain);
  }
  return { notifications };
}

// Without a prototype: a field may be called as one of its methods.
const CHECKS: Record<string, (value: unknown) => boolean> = Object.assign(Object.create(null), {
  to: (value: unknown) => typeof value === 'string' && isChannel(value),
  type: (value: unknown) => typeof value === 'string' && isNotificationType(value),
  title: (value: unknown) => typeof value === 'string' && value.length > 0 && value.length <= LIMITS.title,
  body: (value: unknown) => value === null || (typeof value === 'string' && value.length <= LIMITS.body),
  actionUrl: (value: unknown) =>
    value === null || (typeof value === 'string' && value.length <= LIMITS.url && isSafeLink(value)),
});
