import type { BelfryError, StateReason } from '@belfry/protocol';
import { Acker } from './acker.ts';
import { streaming } from './connection.ts';
import { type Environment, environmentWith } from './environment.ts';
import { type EventHandler, EventHandlers, type EventOf } from './event-handlers.ts';
import { polling } from './fallback/polling.ts';
import type { Frame } from './frames.ts';
import { Hook } from './hook.ts';
import type { Inbox } from './inbox/inbox.ts';
import { InboxStore } from './inbox/store.ts';
import { type ConnectionOptions, Requester } from './requester.ts';
import type { Status } from './status.ts';
import type { Readable } from './store.ts';
import type { StreamFilters } from './stream-options.ts';
import { StreamRunner } from './stream-runner.ts';

export interface BelfryOptions extends ConnectionOptions, StreamFilters {
  /** Used for every request instead of the global one. */
  fetch?: typeof globalThis.fetch;
  environment?: Partial<Environment>;
}

export interface Belfry {
  readonly inbox: Inbox;
  readonly status: Readable<Status>;
  /** How far this client has come; null before it has come anywhere. */
  readonly cursor: string | null;
  /** Connects, and keeps connecting until `stop`. While it waits to try again: tries at once. */
  start: () => void;
  /** Ends the connection and every timer. What the stores hold stays, and `start` goes on from there. */
  stop: () => void;
  /** Calls `handler` with each event of this type, once and in order: exact, a prefix as `build.*`, or `*`. */
  on: <Type extends string>(type: Type, handler: EventHandler<EventOf<Type>>) => () => void;
  /** The app's own events may have been missed: refetch what they tell of. The inbox has refreshed itself. */
  onGap: (handler: (reason: StateReason) => void) => () => void;
  onStatus: (handler: (status: Status) => void) => () => void;
  /** Every block of the stream as it came, duplicates and heartbeats too. */
  onFrame: (handler: (frame: Frame) => void) => () => void;
  /** Each failed try to connect; the client goes on by itself. */
  onError: (handler: (error: BelfryError) => void) => () => void;
  /** Tells the server at once how far this `device` has come. By itself the client does it every 30 s or so. */
  ack: () => Promise<void>;
}

/**
 * A client of one principal. It does nothing, and touches no global, until `start()`.
 *
 * @throws BelfryError `invalid` for a `url` that can't be one.
 */
export function createBelfry(options: BelfryOptions): Belfry {
  const { fetch, environment: given } = options;
  const environment = environmentWith(fetch === undefined ? given : { ...given, fetch });
  const requester = new Requester(options, environment);
  const handlers = new EventHandlers(environment.report);
  const gaps = new Hook<StateReason>(environment.report);
  const frames = new Hook<Frame>(environment.report);
  const errors = new Hook<BelfryError>(environment.report);

  const readOnly = (): boolean => stream.status.getSnapshot().readOnly;
  const ack = async (): Promise<void> => {
    const { cursor } = stream;
    if (options.device === undefined || cursor === null || readOnly()) return;
    await requester.call('/v1/ack', { method: 'POST', body: { device: options.device, cursor } });
  };
  const acker = new Acker(environment, ack);
  const arrived = (): void => {
    if (acksByItself(options) && !readOnly()) acker.arrived();
  };

  const carried = { ...options, ...withInboxEvents(options) };
  const stream = new StreamRunner(
    {
      ...carried,
      onConnected: ({ transport, relayed }) => {
        // Only what a stream of our own brings is known to be younger than its beginning.
        if (transport === undefined && relayed === undefined) inbox.connected();
      },
      onState: (state) => {
        inbox.stateCame(state);
        arrived();
      },
      onEvent: (event, cursor) => {
        inbox.take(event, cursor);
        arrived();
        handlers.emit(event, cursor);
      },
      onCheckpoint: () => inbox.checkpoint(),
      onGap: (reason) => gaps.call(reason),
      onFrame: (frame) => frames.call(frame),
      onError: (error) => errors.call(error),
      onStatus: () => inbox.touch(),
    },
    environment,
    requester,
    { stream: streaming(carried, requester), poll: polling(carried, requester, environment) },
  );
  const inbox = new InboxStore({
    call: (path, call) => requester.call(path, call),
    status: () => stream.status.getSnapshot(),
    cursor: () => stream.cursor,
    environment,
    types: options.types,
  });

  return {
    inbox,
    status: stream.status,
    get cursor() {
      return stream.cursor;
    },
    start: () => stream.start(),
    stop: () => {
      stream.stop();
      acker.stop();
      inbox.stop();
    },
    on: (type, handler) => handlers.add(type, handler as EventHandler),
    onGap: gaps.add,
    onStatus: (handler) => stream.status.subscribe(() => handler(stream.status.getSnapshot())),
    onFrame: frames.add,
    onError: errors.add,
    ack,
  };
}

/** A filter names the app's own events; the inbox lives on Belfry's. */
function withInboxEvents({ events }: BelfryOptions): { events?: readonly string[] } {
  return events === undefined ? {} : { events: [...events, 'notification.*'] };
}

/** Of a filtered stream an ack would claim that things arrived which were never sent. */
function acksByItself({ device, channels, types, events }: BelfryOptions): boolean {
  return device !== undefined && channels === undefined && types === undefined && events === undefined;
}
