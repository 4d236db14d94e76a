import { type BelfryEventType, type EventData, type EventEnvelope, matchesType } from '@belfry/protocol';
import { Hook } from './hook.ts';

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

/** Who wants to hear of which events. */
export class EventHandlers {
  readonly #hook: Hook<{ event: EventEnvelope; cursor: string | null }>;

  constructor(report: (error: unknown) => void) {
    this.#hook = new Hook(report);
  }

  add(pattern: string, handler: EventHandler): () => void {
    return this.#hook.add(({ event, cursor }) => {
      if (matchesType([pattern], event.type)) handler(event, cursor);
    });
  }

  emit(event: EventEnvelope, cursor: string | null): void {
    this.#hook.call({ event, cursor });
  }
}
