import {
  type BelfryError,
  isFinished,
  type Page,
  type RunDoneFrame,
  type RunLine,
  type RunMessage,
} from '@belfry/protocol';
import { addByType } from '../event-handlers.ts';
import { createHook } from '../hook.ts';
import type { Host } from '../host.ts';
import { pause } from '../pause.ts';
import { requestErrorOf } from '../request-error.ts';
import { followRun } from '../run-stream/follow.ts';
import { pathOf } from '../run-stream/path.ts';
import { createReading, type RunEvent } from '../run-stream/reading.ts';
import { createStore } from '../store.ts';
import type { Wake } from '../stream-environment.ts';
import { whileUsed } from '../while-used.ts';
import { createFeedLog } from './feed-log.ts';
import type { RunFeed, RunFeedSnapshot } from './run-feed.ts';

/** The most that one call may ask for. */
const EARLIER = '1000';

export interface RunFeedStore extends RunFeed {
  /** Goes on where it is not under way already; a run that is done needs nothing more. */
  open(): void;
  close(): void;
  /** Nothing that was read is for whoever is signed in now; `open` asks as them. */
  reset(): void;
}

type Facts = Pick<RunFeedSnapshot, 'run' | 'loadingEarlier' | 'status' | 'done' | 'error'>;

const NOTHING_READ: Facts = { run: null, loadingEarlier: false, status: 'idle', done: null, error: null };

export function createFeed(host: Host, id: string, onUse: (used: boolean) => void): RunFeedStore {
  const { environment, requester } = host;
  const log = createFeedLog();
  let reading = createReading(false, 'restart');
  const messages = createHook<[RunMessage]>(environment.report);
  let facts = NOTHING_READ;
  let connection: AbortController | null = null;
  let deafen = (): void => {};

  const store = createStore<RunFeedSnapshot>(
    () => ({ ...facts, lines: log.lines(), hasEarlier: log.earlier() !== null, live: facts.status === 'live' }),
    environment.report,
  );
  const set = (more: Partial<Facts>): void => {
    facts = { ...facts, ...more };
    store.touch();
  };

  const isOver = (): boolean => facts.status === 'done' || facts.status === 'failed';

  const take = (events: readonly RunEvent[]): void => {
    let lines: RunLine[] = [];
    for (const event of events) {
      if (event.type === 'line') lines.push(event.line);
      else if (event.type === 'event') messages.call(event.event);
      else if (event.type === 'done') set({ done: doneOf(event) });
      else {
        set({ run: event.run });
        if (event.type === 'snapshot') {
          log.begin(event.logsCursor);
          lines = [];
        }
      }
    }
    log.add(lines);
    store.touch();
  };

  /** Cut off right before `done`, it was told with the run itself. */
  const finish = (): void => {
    const { run, done } = facts;
    const told = run !== null && isFinished(run.status) ? doneOf(run) : null;
    set({ status: 'done', error: null, done: done ?? told });
  };

  const follow = async (signal: AbortSignal): Promise<void> => {
    const options = {
      signal,
      reading,
      pause: (ms: number) => pause(ms, environment, signal),
      onLive: (live: boolean, error: BelfryError | null) => {
        if (!signal.aborted) set({ status: live ? 'live' : 'reconnecting', error });
      },
    };
    try {
      // What was read is taken, aborted or not: the next connection goes on after it.
      for await (const events of followRun({ environment, requester }, id, options)) {
        if (options.reading === reading) take(events);
      }
      if (options.reading === reading) finish();
    } catch (error) {
      if (!signal.aborted) set({ status: 'failed', error: requestErrorOf(error) });
    }
    if (!signal.aborted) connection = null;
  };

  const connect = (): void => {
    connection = new AbortController();
    set({ status: facts.run === null ? 'connecting' : 'reconnecting', error: null });
    void follow(connection.signal);
  };

  const hangUp = (): void => {
    connection?.abort(new Error('nobody follows any more'));
    connection = null;
    if (!isOver()) set({ status: 'idle' });
  };

  /** With a connection open a page can't enter the back/forward cache, and one from before the network went is dead. */
  const woken = (wake: Wake): void => {
    const isUnderWay = facts.status === 'live' || facts.status === 'connecting';
    if (isOver() || wake === 'offline' || (wake === 'visible' && isUnderWay)) return;
    hangUp();
    if (wake !== 'suspend') connect();
  };

  const open = (): void => {
    if (connection !== null || facts.status === 'done') return;
    deafen();
    deafen = environment.onWake(woken);
    connect();
  };

  const close = (): void => {
    deafen();
    hangUp();
  };

  return {
    subscribe: whileUsed(store.subscribe, (used) => {
      onUse(used);
      if (used) open();
      else close();
    }),
    getSnapshot: store.getSnapshot,
    on: (type, handler) => addByType(messages, type, handler),
    loadEarlier: async () => {
      const cursor = log.earlier();
      if (cursor === null || facts.loadingEarlier) return false;
      set({ loadingEarlier: true });
      try {
        const page = await requester.call(`${pathOf(id)}/logs`, { query: { cursor, limit: EARLIER } });
        return log.addEarlier(cursor, page as Page<RunLine>);
      } catch (error) {
        set({ error: requestErrorOf(error) });
        return false;
      } finally {
        set({ loadingEarlier: false });
      }
    },
    open,
    close,
    reset: () => {
      close();
      log.begin(null);
      reading = createReading(false, 'restart');
      set(NOTHING_READ);
    },
  };
}

function doneOf({ status, message, result }: RunDoneFrame): RunDoneFrame {
  return { status, message, result };
}
