import type { BelfryError, ConnectedFrame, StateReason } from '@belfry/protocol';
import { Acker } from './acker.ts';
import { streaming } from './connection.ts';
import { type Environment, environmentWith } from './environment.ts';
import { type EventHandler, EventHandlers, type EventOf, type EventType } from './event-handlers.ts';
import { polling } from './fallback/polling.ts';
import type { Frame } from './frame-parser.ts';
import { Hook } from './hook.ts';
import type { Host, Part } from './host.ts';
import { Requester } from './requester.ts';
import type { Status } from './status.ts';
import type { Readable } from './store.ts';
import { StreamRunner } from './stream-runner.ts';
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
  const { fetch, environment: given } = options;
  const environment = environmentWith(fetch === undefined ? given : { ...given, fetch });
  const requester = new Requester(options, environment);
  const handlers = new EventHandlers(environment.report);
  const gaps = new Hook<StateReason>(environment.report);
  const frames = new Hook<Frame>(environment.report);
  const errors = new Hook<BelfryError>(environment.report);
  const parts: Part[] = [];
  const server = new Server(environment);

  const readOnly = (): boolean => stream.status.getSnapshot().readOnly;
  const ack = async (): Promise<void> => {
    const { cursor } = stream;
    if (options.device === undefined || cursor === null || readOnly()) return;
    await requester.call('/v1/ack', { method: 'POST', body: { device: options.device, cursor } });
  };
  const acker = new Acker(environment, async () => {
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
  const stream = new StreamRunner(
    {
      ...options,
      onConnected: (frame) => {
        server.connected(frame);
        for (const part of parts) part.connected?.(frame);
      },
      onState: (state) => {
        for (const part of parts) part.stateCame(state);
        arrived();
      },
      onEvent: (event, cursor) => {
        for (const part of parts) part.take(event, cursor);
        arrived();
        handlers.emit(event, cursor);
      },
      onCheckpoint: () => {
        for (const part of parts) part.checkpoint?.();
      },
      onGap: (reason) => gaps.call(reason),
      onFrame: (frame) => frames.call(frame),
      onError: (error) => errors.call(error),
      onStatus: () => {
        for (const part of parts) part.touch();
      },
    },
    environment,
    requester,
    ways,
  );

  return {
    status: stream.status,
    get cursor() {
      return stream.cursor;
    },
    start: () => stream.start(),
    stop: () => {
      stream.stop();
      acker.stop();
      for (const part of parts) part.stop?.();
    },
    on: (type, handler) => handlers.add(type, handler as EventHandler),
    onGap: gaps.add,
    onStatus: (handler) => stream.status.subscribe(() => handler(stream.status.getSnapshot())),
    onFrame: frames.add,
    onError: errors.add,
    ack,
    host: {
      environment,
      requester,
      only: options,
      status: stream.status.getSnapshot,
      cursor: () => stream.cursor,
      user: () => server.user,
      serverNow: () => server.now,
      add: (part) => parts.push(part),
    },
  };
}

/** What `connected` tells of the other side. */
class Server {
  user: string | null = null;
  /** Its clock less what is steady here, so that nobody who sets ours changes what time it is; null until told. */
  #ahead: number | null = null;
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  get now(): number | null {
    return this.#ahead === null ? null : this.#environment.steady() + this.#ahead;
  }

  connected({ user, serverTime }: ConnectedFrame): void {
    this.user = user;
    const ahead = Date.parse(serverTime) - this.#environment.steady();
    if (!Number.isNaN(ahead)) this.#ahead = ahead;
  }
}

/** Of a filtered stream an ack would claim that things arrived which were never sent. */
function acksByItself({ device, channels, types, events }: BelfryOptions): boolean {
  return device !== undefined && channels === undefined && types === undefined && events === undefined;
}
