import { BelfryError, type ClosingFrame } from '@belfry/protocol';
import { bounded, reconnectMs } from './backoff.ts';
import { Delivery } from './delivery.ts';
import type { Frame } from './frame-parser.ts';
import { type FrameRoutes, routeFrame } from './frame-router.ts';
import { type Effect, type Event, type State, transition } from './machine.ts';
import type { Sender } from './sender.ts';
import { type EndReason, INITIAL_STATUS, type Status, statusValue } from './status.ts';
import { createStore, type Store } from './store.ts';
import type { StreamEnvironment } from './stream-environment.ts';
import type { StreamOptions } from './stream-options.ts';
import type { Connect, Connected, Connection, End, Ways } from './ways.ts';

const DEFAULT_RETRY_MS = 1_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const SILENT_HEARTBEATS = 3;
const SLOW_MS = 60_000;

/** Does what the state machine says; decides nothing itself. */
export class StreamRunner {
  declare readonly status: Store<Status>;
  readonly #options: StreamOptions;
  readonly #environment: StreamEnvironment;
  readonly #sender: Sender;
  readonly #ways: Ways;
  readonly #delivery: Delivery;
  #state: State = 'idle';
  #facts: Omit<Status, 'value' | 'caughtUp'> = INITIAL_STATUS;
  #wasLive = false;
  #connection: Connection | null = null;
  #usedToken: string | null = null;
  #attempt = 0;
  #retryMs = DEFAULT_RETRY_MS;
  #askedMs = 0;
  #heartbeatMs = 0;
  #lastActivity = 0;
  #cancelTimer = (): void => {};
  #cancelWatchdog = (): void => {};
  #deafen = (): void => {};

  constructor(options: StreamOptions, environment: StreamEnvironment, sender: Sender, ways: Ways) {
    this.#options = options;
    this.#environment = environment;
    this.#sender = sender;
    this.#ways = ways;
    this.#delivery = new Delivery(options, options.cursor ?? null, options.access ?? null);
    this.status = createStore(() => this.#derive(), environment.report);
  }

  get cursor(): string | null {
    return this.#delivery.position.text;
  }

  get access(): string | null {
    return this.#delivery.access;
  }

  start(): void {
    this.#dispatch('start');
  }

  stop(): void {
    this.#dispatch('stop');
    this.#wasLive = false;
  }

  #derive(): Status {
    return { ...this.#facts, value: statusValue(this.#state, this.#wasLive), caughtUp: this.#delivery.caughtUp };
  }

  #dispatch(event: Event): void {
    const { to, effects } = transition(this.#state, event);
    const changed = to !== this.#state;
    this.#state = to;
    if (to === 'live' || to === 'polled') this.#wasLive = true;
    for (const effect of effects) this.#effects[effect]();
    if (changed) this.#changed();
  }

  readonly #effects: Record<Effect, () => void> = {
    listen: () => {
      this.#deafen = this.#environment.onWake((wake) => {
        if (wake === 'visible' && this.#overdue()) this.#silent();
        if (wake === 'online' && this.#connection !== null) this.#note({ reason: 'online' });
        this.#dispatch(wake);
      });
    },
    deafen: () => this.#deafen(),
    connect: () => this.#connect(this.#ways.stream),
    poll: () => this.#connect(this.#ways.poll ?? this.#ways.stream),
    leave: () => this.#ways.leave?.(),
    abort: () => {
      this.#connection?.abort();
      this.#connection = null;
    },
    forget: () => this.#sender.tokens.forget(this.#usedToken),
    watch: () => this.#watch(),
    unwatch: () => this.#cancelWatchdog(),
    backoff: () => {
      this.#waitLonger();
      if (!this.#environment.isOnline()) this.#dispatch('offline');
    },
    pause: () => {
      // A server that closes every stream before it is live is met with back-off as well.
      if (this.#attempt > 0) return this.#waitLonger();
      this.#attempt = 1;
      this.#wait(this.#askedMs);
    },
    slow: () => this.#wait(SLOW_MS * (0.5 + this.#environment.random() / 2)),
    cancel: () => this.#cancelTimer(),
    calm: () => {
      this.#attempt = 0;
    },
  };

  readonly #routes: FrameRoutes = {
    connected: (frame) => this.#connected(frame),
    state: (frame, id) => this.#delivery.state(frame, id),
    message: (event, id) => this.#delivery.message(event, id),
    live: (id) => this.#live(id),
    heartbeat: (id) => this.#delivery.heartbeat(id),
    closing: (frame) => this.#closing(frame),
    malformed: (event) => this.#malformed(event),
  };

  #malformed(event: string): void {
    const message = `A ${event} block of the stream was not as Belfry writes it; it was left out.`;
    this.#options.onError?.(new BelfryError('internal', message));
  }

  /** Longer each time, and never less than the server asked for. */
  #waitLonger(): void {
    const jittered = reconnectMs(this.#attempt, this.#retryMs, this.#environment.random);
    this.#attempt += 1;
    this.#wait(Math.max(jittered, this.#askedMs));
  }

  #wait(ms: number): void {
    this.#askedMs = 0;
    this.#cancelTimer = this.#environment.setTimer(() => this.#dispatch('timer'), ms);
  }

  #watch(): void {
    this.#lastActivity = this.#environment.now();
    this.#cancelWatchdog();
    const patience = this.#patience();
    this.#cancelWatchdog =
      patience === Number.POSITIVE_INFINITY ? () => {} : this.#environment.setTimer(() => this.#silent(), patience);
  }

  /** How long nothing may come: for `connected` a fixed time, then three heartbeats. */
  #patience(): number {
    const own = this.#connection?.patienceMs;
    if (own !== undefined) return own;
    if (this.#isConnected) return SILENT_HEARTBEATS * this.#heartbeatMs;
    return this.#options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
  }

  get #isConnected(): boolean {
    return this.#state === 'open' || this.#state === 'live';
  }

  /** Timers stand still while a laptop sleeps or a page is frozen; the clock does not. */
  #overdue(): boolean {
    return this.#connection !== null && this.#environment.now() - this.#lastActivity > this.#patience();
  }

  /** Without one frame of a stream, something in between may hold it back. */
  #silent(): void {
    const streams = this.#state === 'connecting' || this.#state === 'renewing';
    this.#end('silent', null, streams && this.#ways.poll !== undefined ? 'unfit' : 'watchdog');
  }

  #connect(way: Connect): void {
    this.#ways.judge?.asked();
    this.#connection = way(
      { cursor: this.cursor, access: this.access },
      {
        onFrame: (frame) => this.#take(frame),
        onRetry: (ms) => {
          this.#retryMs = bounded(ms);
        },
        onBytes: () => {
          this.#ways.judge?.bytes(this.#environment.now());
          this.#dispatch('activity');
        },
        onToken: (token) => {
          this.#usedToken = token;
          // The request goes out now, however long it took to know that it may.
          this.#watch();
        },
        onEnd: (end) => this.#ended(end),
      },
    );
  }

  #ended(end: End): void {
    const { event, error } = end;
    this.#askedMs = bounded((error?.retryAfter ?? 0) * 1_000);
    const fit = this.#ways.judge?.survives(end, this.#environment.now()) ?? true;
    this.#end(event, error, fit ? event : 'unfit');
  }

  /** Notes why a connection ended before the machine moves, so that the status has both at once. */
  #end(reason: EndReason, error: BelfryError | null, event: Event): void {
    // Before there was a connection none was handed over: a tab has only found out what it is to the others.
    if (reason !== 'handover' || this.#isConnected || this.#state === 'polled')
      this.#note(error === null ? { reason } : { reason, error });
    this.#dispatch(event);
    if (error !== null) this.#safely(() => this.#options.onError?.(error));
  }

  #note(facts: Partial<Status>): void {
    this.#facts = { ...this.#facts, ...facts };
    this.#changed();
  }

  #changed(): void {
    this.status.touch();
    this.#safely(() => this.#options.onStatus?.());
  }

  #take(frame: Frame): void {
    this.#safely(() => this.#options.onFrame?.(frame));
    if (this.#connection !== null) this.#safely(() => routeFrame(frame, this.#routes));
  }

  #connected(frame: Connected): void {
    const { heartbeatMs, resumed, reason: stateReason, readOnly, connection, transport = 'stream' } = frame;
    this.#heartbeatMs = heartbeatMs;
    this.#note({ resumed, stateReason, readOnly, connection: connection || null, transport });
    this.#dispatch('connected');
    this.#delivery.connected(frame);
  }

  #live(id: string | null): void {
    this.#note({ error: null });
    this.#dispatch('live');
    this.#delivery.live(id);
  }

  #closing({ reason, retryMs }: ClosingFrame): void {
    this.#askedMs = bounded(retryMs);
    const renew = reason === 'token_expired' && this.#sender.tokens.renewable;
    this.#end(reason, null, renew ? 'expired' : 'closing');
  }

  /** What the app's own handlers throw is theirs, and must not cost them the stream. */
  #safely(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#environment.report(error);
    }
  }
}
