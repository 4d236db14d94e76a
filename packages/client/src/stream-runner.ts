import { BelfryError } from '@belfry/protocol';
import { bounded, reconnectMs } from './backoff.ts';
import { deliveryTo } from './delivery.ts';
import { type FrameRoutes, routeFrame } from './frame-router.ts';
import { safely } from './hook.ts';
import { type Effect, type Event, type State, transition } from './machine.ts';
import type { Sender } from './sender.ts';
import { type EndReason, INITIAL_STATUS, type Status, statusValue } from './status.ts';
import { createStore, type Store } from './store.ts';
import type { StreamEnvironment, Wake } from './stream-environment.ts';
import type { StreamOptions } from './stream-options.ts';
import type { Connect, Connection, From, Judge, Ways } from './ways.ts';

const DEFAULT_RETRY_MS = 1_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const SILENT_HEARTBEATS = 3;
const SLOW_MS = 60_000;

const nothing = (): void => {};

export interface StreamRunner {
  readonly status: Store<Status>;
  /** Where it has come to. */
  from(): From;
  start(): void;
  stop(): void;
  /** Somebody else is signed in: their stream, from its beginning, in place of this one. */
  beginAnew(): void;
}

/** Does what the state machine says; decides nothing itself. */
export function createRunner(
  options: StreamOptions,
  environment: StreamEnvironment,
  { tokens }: Sender,
  ways: Ways,
): StreamRunner {
  const { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS, cursor = null, access = null } = options;
  const { report, random, now, setTimer } = environment;
  const delivery = deliveryTo(options, { cursor, access });
  let state: State = 'idle';
  let facts: Omit<Status, 'value' | 'caughtUp'> = INITIAL_STATUS;
  let wasLive = false;
  let connection: Connection | null = null;
  let usedToken: string | null = null;
  let attempt = 0;
  let retryMs = DEFAULT_RETRY_MS;
  let askedMs = 0;
  let heartbeatMs = 0;
  let lastActivity = 0;
  let cancelTimer = nothing;
  let cancelWatchdog = nothing;
  let deafen = nothing;

  const status = createStore<Status>(
    () => ({ ...facts, value: statusValue(state, wasLive), caughtUp: delivery.caughtUp() }),
    report,
  );

  const changed = (): void => {
    status.touch();
    safely(report, () => options.onStatus?.());
  };

  const note = (more: Partial<Status>): void => {
    facts = { ...facts, ...more };
    changed();
  };

  const dispatch = (event: Event): void => {
    const { to, effects: due } = transition(state, event);
    const moved = to !== state;
    state = to;
    if (to === 'live' || to === 'polled') wasLive = true;
    for (const effect of due) effects[effect]();
    if (moved) changed();
  };

  const isConnected = (): boolean => state === 'open' || state === 'live';
  const polls = (): boolean => state === 'polling' || state === 'polled';

  /** How long nothing may come: for `connected` a fixed time, then three heartbeats. */
  const patience = (): number =>
    connection?.patienceMs ?? (isConnected() ? SILENT_HEARTBEATS * heartbeatMs : connectTimeoutMs);

  /** Notes why a connection ended before the machine moves, so that the status has both at once. */
  const end = (reason: EndReason, error: BelfryError | null, event: Event): void => {
    // Before there was a connection none was handed over: a tab has only found out what it is to the others.
    if (reason !== 'handover' || isConnected() || state === 'polled') note(error ? { reason, error } : { reason });
    dispatch(event);
    if (error !== null) safely(report, () => options.onError?.(error));
  };

  /** Without one frame of a stream, something in between may hold it back. */
  const silent = (): void => {
    const streams = state === 'connecting' || state === 'renewing';
    end('silent', null, streams && ways.poll !== undefined ? 'unfit' : 'watchdog');
  };

  const watch = (): void => {
    lastActivity = now();
    cancelWatchdog();
    const ms = patience();
    cancelWatchdog = ms === Number.POSITIVE_INFINITY ? nothing : setTimer(silent, ms);
  };

  const heard = (wake: Wake): void => {
    // Timers stand still while a laptop sleeps or a page is frozen; the clock does not.
    if (wake === 'visible' && connection !== null && now() - lastActivity > patience()) silent();
    if (wake === 'online' && connection !== null) note({ reason: 'online' });
    dispatch(wake);
  };

  const wait = (ms: number): void => {
    askedMs = 0;
    cancelTimer = setTimer(() => dispatch('timer'), ms);
  };

  /** Longer each time, and never less than the server asked for. */
  const waitLonger = (): void => {
    const jittered = reconnectMs(attempt, retryMs, random);
    attempt += 1;
    wait(Math.max(jittered, askedMs));
  };

  const connect = (way: Connect, judge?: Judge): void => {
    judge?.asked();
    usedToken = null;
    connection = way(delivery.from(), {
      onFrame: (frame) => {
        safely(report, () => options.onFrame?.(frame));
        if (connection !== null) safely(report, () => routeFrame(frame, routes));
      },
      onRetry: (ms) => {
        retryMs = bounded(ms);
      },
      onBytes: () => {
        judge?.bytes(now());
        dispatch('activity');
      },
      onToken: (token) => {
        usedToken = token;
        // The request goes out now, however long it took to know that it may.
        watch();
      },
      onEnd: ({ event, error }) => {
        askedMs = bounded((error?.retryAfter ?? 0) * 1_000);
        const fit = judge?.survives({ event, error }, now()) ?? true;
        end(event, error, fit ? event : 'unfit');
      },
    });
    watch();
  };

  const effects: Record<Effect, () => void> = {
    listen: () => {
      deafen = environment.onWake(heard);
    },
    deafen: () => deafen(),
    connect: () => connect(ways.stream, ways.judge),
    poll: () => connect(ways.poll ?? ways.stream),
    leave: () => {
      tokens.abandon();
      ways.leave?.();
    },
    abort: () => {
      connection?.abort();
      connection = null;
      cancelWatchdog();
    },
    forget: () => tokens.forget(usedToken),
    watch,
    backoff: () => {
      waitLonger();
      if (!environment.isOnline()) dispatch('offline');
    },
    pause: () => {
      // A server that closes every stream before it is live is met with back-off as well.
      if (attempt > 0) return waitLonger();
      attempt = 1;
      wait(askedMs);
    },
    slow: () => wait(SLOW_MS * (0.5 + random() / 2)),
    cancel: () => cancelTimer(),
    calm: () => {
      attempt = 0;
    },
  };

  const routes: FrameRoutes = {
    ...delivery,
    connected: (frame) => {
      const { resumed, reason: stateReason, readOnly, connection: name, transport = 'stream' } = frame;
      heartbeatMs = frame.heartbeatMs;
      note({ resumed, stateReason, readOnly, connection: name || null, transport });
      dispatch('connected');
      delivery.connected(frame);
    },
    live: (id) => {
      note({ error: null });
      dispatch('live');
      delivery.live(id);
    },
    closing: (frame) => {
      askedMs = bounded(frame.retryMs);
      end(frame.reason, null, frame.reason === 'token_expired' && tokens.renewable ? 'expired' : 'closing');
    },
    malformed: (event) => {
      const message = `A ${event} block of the stream was not as Belfry writes it; it was left out.`;
      options.onError?.(new BelfryError('internal', message));
    },
  };

  return {
    status,
    from: delivery.from,
    start: () => dispatch('start'),
    stop: () => {
      dispatch('stop');
      wasLive = false;
    },
    beginAnew: () => {
      delivery.beginAnew();
      // Also a try that has no token yet: it says where the one before had come to.
      if (connection !== null) dispatch(polls() ? 'unfit' : 'handover');
    },
  };
}
