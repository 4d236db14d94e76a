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

/** So many are put together at a time: a text of half a megabyte takes twice as long to make, and to send. */
const TOGETHER = 64;

/** The JSON of a list of them, in pieces. Added up, which costs less than to join them. */
export function createdList(events: readonly LogEvent[]): string[] {
  const pieces: string[] = [];
  let piece = '[';
  createdTexts(events, 'service').forEach((text, index) => {
    if (index > 0) piece += ',';
    piece += text;
    if ((index + 1) % TOGETHER > 0) return;
    pieces.push(piece);
    piece = '';
  });
  return [...pieces, `${piece}]`];
}

/** What a publish came to, by its events. Nothing is made of it before it is asked for: most answers are texts. */
export function createdBy(events: readonly LogEvent[]): Writes['publish']['out'] {
  return new Created(events);
}

/** What a write came to, as JSON to be kept for its Idempotency-Key. Of what was published the text is at hand. */
export function resultJson(out: unknown): string {
  return out instanceof Created ? out.json() : JSON.stringify(out);
}

/**
 * A class, here and wherever a request or a write is given something with a getter: the shape of an object that has a
 * getter of its own keeps what that reaches until V8's next full collection, which was most of what it had to move.
 */
class Created {
  readonly #events: readonly LogEvent[];
  #made: ServiceNotification[] | undefined;

  constructor(events: readonly LogEvent[]) {
    this.#events = events;
  }

  get notifications(): ServiceNotification[] {
    this.#made ??= createdTexts(this.#events, 'service').map((text) => JSON.parse(text) as ServiceNotification);
    return this.#made;
  }

  /** A getter of a class is not written by itself. */
  json(): string {
    return `{"notifications":[${createdTexts(this.#events, 'service').join()}]}`;
  }
}
