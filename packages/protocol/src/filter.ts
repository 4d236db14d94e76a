/** A list of types, each exact or ending in `*`, as `?types=` and `?events=` carry it. */
export type TypeFilter = readonly string[];

const PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}\*?$|^\*$/;
const NOTIFICATION_TYPE = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/;
const EVENT_TYPE = /^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$/;
const RESERVED = /^(notification|question|run|access|belfry|system)(\.|$)/;

export function isTypePattern(text: string): boolean {
  return PATTERN.test(text);
}

/** What a notification is of: the app's own word, such as `comment` or `build.failed`. */
export function isNotificationType(text: string): boolean {
  return NOTIFICATION_TYPE.test(text);
}

/** An app's own event type: lower-case words, dotted, outside the families that Belfry itself emits. */
export function isCustomEventType(text: string): boolean {
  return text.length <= 100 && EVENT_TYPE.test(text) && !RESERVED.test(text);
}

/** An absent filter lets everything through; an empty one nothing. */
export function matchesType(filter: TypeFilter | undefined, type: string): boolean {
  if (filter === undefined) return true;
  return filter.some((pattern) => (pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern));
}
