import type { ServiceNotification } from '@belfry/protocol';
import { type Audience, createdJson, type LogEvent } from './log-event.ts';
import type { Writes } from './store/writes.ts';

/** What was just created, each as its sender is told of it. Between these events may stand others. */
export function createdTexts(events: readonly LogEvent[], audience: Audience): string[] {
  const texts: string[] = [];
  for (const event of events) {
    if (event.type === 'notification.created') texts.push(createdJson(event, event.to[0]!, audience));
  }
  return texts;
}

/** What a publish came to, by its events. Nothing is made of it before it is asked for: most answers are texts. */
export function createdBy(events: readonly LogEvent[]): Writes['publish']['out'] {
  let made: ServiceNotification[] | undefined;
  return {
    get notifications() {
      made ??= createdTexts(events, 'service').map((text) => JSON.parse(text) as ServiceNotification);
      return made;
    },
  };
}
