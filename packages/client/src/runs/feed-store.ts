import {
  type BelfryError,
  isFinished,
  matchesType,
  type Page,
  type Run,
  type RunDoneFrame,
  type RunLine,
  type RunMessage,
} from '@belfry/protocol';
import { Hook } from '../hook.ts';
import type { Host } from '../host.ts';
import { pause } from '../publisher/retry.ts';
import { requestErrorOf } from '../request-error.ts';
import { followRun } from '../run-stream/follow.ts';
import { type RunEvent, RunReading } from '../run-stream/reading.ts';
import { createStore, type Store } from '../store.ts';
import type { Wake } from '../stream-environment.ts';
import { whileUsed } from '../while-used.ts';
import { FeedLog } from './feed-log.ts';
import type { RunFeed, RunFeedSnapshot, RunFeedStatus } from './run-feed.ts';

/** The most that one call may ask for. */
const EARLIER = '1000';

export class RunFeedStore implements RunFeed {
  declare readonly subscribe: Store<RunFeedSnapshot>['subscribe'];
  declare readonly getSnapshot: Store<RunFeedSnapshot>['getSnapshot'];
  readonly #touch: () => void;
  readonly #host: Host;
  readonly #path: string;
  readonly #id: string;
  readonly #events: Hook<RunMessage>;
  readonly #log = new FeedLog();
  readonly #reading = new RunReading(false, 'restart');
  #run: Run | null = null;
  #done: RunDoneFrame | null = null;
  #status: RunFeedStatus = 'idle';
  #error: BelfryError | null = null;
  #loadingEarlier = false;
  #connection: AbortController | null = null;
  #deafen = (): void => {};

  constructor(host: Host, id: string, onUse: (used: boolean) => void) {
    this.#host = host;
    this.#id = id;
    this.#path = `/v1/runs/${encodeURIComponent(id)}`;
    this.#events = new Hook(host.environment.report);
    const store = createStore(() => this.#derive(), host.environment.report);
    this.subscribe = whileUsed(store.subscribe, (used) => {
      onUse(used);
      if (used) this.open();
      else this.close();
    });
    this.getSnapshot = store.getSnapshot;
    this.#touch = store.touch;
  }

  on = (type: string, handler: (event: RunMessage) => void): (() => void) =>
    this.#events.add((event) => {
      if (matchesType([type], event.type)) handler(event);
    });

  loadEarlier = async (): Promise<boolean> => {
    const cursor = this.#log.earlier;
    if (cursor === null || this.#loadingEarlier) return false;
    this.#set({ loadingEarlier: true });
    try {
      const page = await this.#host.requester.call(`${this.#path}/logs`, { query: { cursor, limit: EARLIER } });
      return this.#log.addEarlier(cursor, page as Page<RunLine>);
    } catch (error) {
      this.#error = requestErrorOf(error);
      return false;
    } finally {
      this.#set({ loadingEarlier: false });
    }
  };

  /** Goes on where it is not under way already; a run that is done needs nothing more. */
  open(): void {
    if (this.#connection !== null || this.#status === 'done') return;
    this.#deafen();
    this.#deafen = this.#host.environment.onWake((wake) => this.#woken(wake));
    this.#connect();
  }

  close(): void {
    this.#deafen();
    this.#hangUp();
  }

  #connect(): void {
    this.#connection = new AbortController();
    this.#set({ status: this.#run === null ? 'connecting' : 'reconnecting', error: null });
    void this.#follow(this.#connection.signal);
  }

  #hangUp(): void {
    this.#connection?.abort(new Error('nobody follows any more'));
    this.#connection = null;
    if (!this.#isOver) this.#set({ status: 'idle' });
  }

  /** With a connection open a page can't enter the back/forward cache, and one from before the network went is dead. */
  #woken(wake: Wake): void {
    const isUnderWay = this.#status === 'live' || this.#status === 'connecting';
    if (this.#isOver || wake === 'offline' || (wake === 'visible' && isUnderWay)) return;
    this.#hangUp();
    if (wake !== 'suspend') this.#connect();
  }

  get #isOver(): boolean {
    return this.#status === 'done' || this.#status === 'failed';
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { environment, requester } = this.#host;
    const onLive = (live: boolean, error: BelfryError | null): void => {
      if (!signal.aborted) this.#set({ status: live ? 'live' : 'reconnecting', error });
    };
    const wait = (ms: number): Promise<void> => pause(ms, environment, signal);
    const options = { signal, reading: this.#reading, pause: wait, onLive };
    try {
      // What was read is taken, aborted or not: the next connection goes on after it.
      for await (const events of followRun({ environment, requester }, this.#id, options)) this.#take(events);
      this.#finish();
    } catch (error) {
      if (!signal.aborted) this.#set({ status: 'failed', error: requestErrorOf(error) });
    }
    if (!signal.aborted) this.#connection = null;
  }

  #take(events: readonly RunEvent[]): void {
    let lines: RunLine[] = [];
    for (const event of events) {
      if (event.type === 'line') lines.push(event.line);
      else if (event.type === 'event') this.#events.call(event.event);
      else if (event.type === 'done') this.#done = doneOf(event);
      else {
        this.#run = event.run;
        if (event.type === 'snapshot') {
          this.#log.begin(event.logsCursor);
          lines = [];
        }
      }
    }
    this.#log.add(lines);
    this.#touch();
  }

  /** Cut off right before `done`, it was told with the run itself. */
  #finish(): void {
    if (this.#done === null && this.#run !== null && isFinished(this.#run.status)) this.#done = doneOf(this.#run);
    this.#set({ status: 'done', error: null });
  }

  #set(facts: { status?: RunFeedStatus; error?: BelfryError | null; loadingEarlier?: boolean }): void {
    if (facts.status !== undefined) this.#status = facts.status;
    if (facts.error !== undefined) this.#error = facts.error;
    if (facts.loadingEarlier !== undefined) this.#loadingEarlier = facts.loadingEarlier;
    this.#touch();
  }

  #derive(): RunFeedSnapshot {
    return {
      run: this.#run,
      lines: this.#log.lines,
      hasEarlier: this.#log.earlier !== null,
      loadingEarlier: this.#loadingEarlier,
      status: this.#status,
      live: this.#status === 'live',
      done: this.#done,
      error: this.#error,
    };
  }
}

function doneOf({ status, message, result }: RunDoneFrame): RunDoneFrame {
  return { status, message, result };
}
