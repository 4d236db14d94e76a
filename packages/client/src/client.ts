import type { BelfryError, EventEnvelope, StateReason } from '@belfry/protocol';
import { createAcker } from './acker.ts';
import { streaming } from './connection.ts';
import { type Environment, environmentWith } from './environment.ts';
import { addByType, type EventHandler, type EventOf, type EventType } from './event-handlers.ts';
import { polling } from './fallback/polling.ts';
import type { Frame } from './frame-parser.ts';
import { createHook } from './hook.ts';
import type { Host, Part } from './host.ts';
import { createRequester } from './requester.ts';
import type { Status } from './status.ts';
import type { Readable } from './store.ts';
import type { StreamOptions } from './stream-options.ts';
import { createRunner } from './stream-runner.ts';
import type { SharingOptions } from './tabs/session-name.ts';
import { sharing } from './tabs/sharing.ts';

export interface BelfryOptions extends SharingOptions {
  /** Used for every request instead of the global one. */
  fetch?: typeof globalThis.fetch;
  environment?: Partial<Environment>;
}

/** A client without any store. `Events` are the app's own: `interface Events { 'build.finished': { id: string } }`. */
export interface Client<Events = Record<never, never>> {
  readonly status: Readable<Status>;
  /** How far this client has come; null before it has come anywhere. */
  readonly cursor: string | null;
  /** Connects, and keeps connecting until `stop`. While it waits to try again: tries at once. */
  start: () => void;
  /** Ends the connection and every timer. What the stores hold stays, and `start` goes on from there. */
  stop: () => void;
  /** Calls `handler` with each event of this type, once and in order: exact, a prefix as `build.*`, or `*`. */
  on: <Type extends EventType<Events>>(type: Type, handler: EventHandler<EventOf<Type, Events>>) => () => void;
  /** The app's own events may have been missed: refetch what they tell of. The stores have refreshed themselves. */
  onGap: (handler: (reason: StateReason) => void) => () => void;
  onStatus: (handler: (status: Status) => void) => () => void;
  /** Every block of the stream as it came, duplicates and heartbeats too. */
  onFrame: (handler: (frame: Frame) => void) => () => void;
  /** Each failed try to connect; the client goes on by itself. */
  onError: (handler: (error: BelfryError) => void) => () => void;
  /** Tells the server at once how far this `device` has come. By itself the client does it every 30 s or so. */
  ack: () => Promise<void>;
  /** What its stores are made from, as by `inboxOf`. Not for apps. */
  readonly host: Host;
}

/**
 * A client of one principal, without stores: `inboxOf`, `questionsOf` and `runsOf` add those that are wanted, before it
 * starts. It does nothing, and touches no global, until `start()`.
 *
 * @throws BelfryError `invalid` for a `url` that can't be one.
 */
export function createClient<Events = Record<never, never>>(options: BelfryOptions): Client<Events> {
  const { fetch, environment: given, device } = options;
  const environment = environmentWith(fetch === undefined ? given : { ...given, fetch });
  const { report, steady } = environment;
  const requester = createRequester(options, environment);
  const events = createHook<[EventEnvelope, string | null]>(report);
  const gaps = createHook<[StateReason]>(report);
  const frames = createHook<[Frame]>(report);
  const errors = createHook<[BelfryError]>(report);
  const parts: Part[] = [];
  let user: string | null = null;
  let tenant = '';
  /** The server's clock less what is steady here, so that nobody who sets ours changes what time it is; null until told. */
  let ahead: number | null = null;

  const readOnly = (): boolean => status.getSnapshot().readOnly;
  const ack = async (): Promise<void> => {
    const { cursor } = from();
    if (device === undefined || cursor === null || readOnly()) return;
    await requester.call('/v1/ack', { method: 'POST', body: { device, cursor } });
  };
  const acker = createAcker(environment, async () => {
    if (ways.speaks()) await ack();
  });
  const arrived = (): void => {
    if (acksByItself(options) && !readOnly()) acker.arrived();
  };

  const carried = {
    ...options,
    // A filter names the app's own events; the stores live on Belfry's. Asked at each connect.
    get events() {
      return options.events && [...options.events, ...new Set(parts.map(({ family }) => family))];
    },
  };
  const own = { stream: streaming(carried, requester), poll: polling(carried, requester, environment) };
  const ways = sharing(own, carried, requester, environment);
  const handlers: StreamOptions = {
    ...options,
    onConnected: (frame) => {
      const isOther = user !== null && frame.user !== null && (user !== frame.user || tenant !== frame.tenant);
      ({ user, tenant } = frame);
      const later = Date.parse(frame.serverTime) - steady();
      if (!Number.isNaN(later)) ahead = later;
      if (isOther) forget(frame.resumed);
      for (const part of parts) part.connected?.(frame);
    },
    onState: (state) => {
      for (const part of parts) part.stateCame(state);
      arrived();
    },
    onEvent: (event, cursor) => {
      for (const part of parts) part.take(event, cursor);
      arrived();
      events.call(event, cursor);
    },
    onCheckpoint: () => {
      for (const part of parts) part.checkpoint?.();
    },
    onGap: gaps.call,
    onFrame: frames.call,
    onError: errors.call,
    onStatus: () => {
      for (const part of parts) part.touch();
    },
  };
  const { status, from, start, stop, beginAnew } = createRunner(handlers, environment, requester, ways);

  /** Somebody else is signed in. Their place in the log is none of the one before, so `anew` the stream, too. */
  const forget = (anew: boolean): void => {
    acker.stop();
    requester.beginAnew();
    for (const part of parts) part.reset();
    if (anew) beginAnew();
  };
  requester.onOther(() => {
    user = null;
    forget(true);
  });

  return {
    status,
    get cursor() {
      return from().cursor;
    },
    start,
    stop: () => {
      stop();
      acker.stop();
      for (const part of parts) part.stop?.();
    },
    on: (type, handler) => addByType(events, type, handler as EventHandler),
    onGap: gaps.add,
    onStatus: (handler) => status.subscribe(() => handler(status.getSnapshot())),
    onFrame: frames.add,
    onError: errors.add,
    ack,
    host: {
      environment,
      requester,
      only: options,
      status: status.getSnapshot,
      cursor: () => from().cursor,
      user: () => user,
      serverNow: () => (ahead === null ? null : steady() + ahead),
      add: (part) => parts.push(part),
    },
  };
}

/** Of a filtered stream an ack would claim that things arrived which were never sent. */
function acksByItself({ device, channels, types, events }: BelfryOptions): boolean {
  return device !== undefined && channels === undefined && types === undefined && events === undefined;
}
