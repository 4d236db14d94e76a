import { type BelfryEventType, type EventData, type EventEnvelope, matchesType } from '@belfry/protocol';
import type { Hook } from './hook.ts';

/** What can be listened to: the app's own types by name, Belfry's, a prefix as `build.*`, or `*`. */
export type EventType<Events> = (keyof Events & string) | BelfryEventType | (string & Record<never, never>);

/** An event as a handler gets it. Belfry's own types bring their own `data`; an app's own what its `Events` say. */
export type EventOf<Type extends string, Events = Record<never, never>> = Type extends BelfryEventType
  ? EventEnvelope<EventData[Type]> & { type: Type }
  : Type extends keyof Events
    ? EventEnvelope<Events[Type]> & { type: Type }
    : EventEnvelope;

/** `cursor` is the event's own place in the log. */
export type EventHandler<Event = EventEnvelope> = (event: Event, cursor: string | null) => void;

/** Adds a handler of those events that are of this type: exact, a prefix as `build.*`, or `*`. */
export function addByType<Event extends { type: string }, More extends unknown[]>(
  { add }: Hook<[Event, ...More]>,
  type: string,
  handler: (event: Event, ...more: More) => void,
): () => void {
  return add((event, ...more) => {
    if (matchesType([type], event.type)) handler(event, ...more);
  });
}
