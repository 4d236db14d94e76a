/**
 * Where a stream stands.
 *
 * - `idle` never started · `closed` stopped
 * - `connecting` asked for, `connected` not seen yet · `renewing` the same, with a token fetched after a 401
 * - `open` connected and catching up · `live` caught up
 * - `waiting` backing off · `offline` backing off while the browser says there is no network
 * - `refused` the server says that the request itself is wrong: asked again, but slowly
 */
export type State = 'idle' | 'connecting' | 'renewing' | 'open' | 'live' | 'waiting' | 'offline' | 'refused' | 'closed';

/**
 * What can happen. `connected`, `live` and `closing` are the frames of those names, `expired` is
 * `closing: token_expired`; `activity` is any bytes. `ended`, `failed`, `unauthorized` and `refused` say how a
 * request or a body came to its end. `timer` is the back-off running out, `watchdog` the silence lasting too long.
 */
export type Event =
  | 'start'
  | 'stop'
  | 'connected'
  | 'live'
  | 'activity'
  | 'closing'
  | 'expired'
  | 'ended'
  | 'failed'
  | 'unauthorized'
  | 'refused'
  | 'timer'
  | 'watchdog'
  | 'online'
  | 'offline'
  | 'visible';

/**
 * What to do about it, in this order: `listen`/`deafen` to online and visible · `connect` · `abort` the request ·
 * `forget` the token, so that the next request fetches a fresh one · `watch`/`unwatch` (re-)arm the watchdog ·
 * `backoff`, `pause` (what the server asked for) and `slow` set the timer, `cancel` clears it · `calm` starts the
 * back-off over.
 */
export type Effect =
  | 'listen'
  | 'deafen'
  | 'connect'
  | 'abort'
  | 'forget'
  | 'watch'
  | 'unwatch'
  | 'backoff'
  | 'pause'
  | 'slow'
  | 'cancel'
  | 'calm';

export interface Transition {
  readonly to: State;
  readonly effects: readonly Effect[];
}

/** What every event means in every state; `null`: nothing. */
type Table = Readonly<Record<State, Readonly<Record<Event, Transition | null>>>>;

const go = (to: State, ...effects: Effect[]): Transition => ({ to, effects });

const begin = go('connecting', 'listen', 'connect', 'watch');
const retry = go('connecting', 'cancel', 'connect', 'watch');
const again = go('connecting', 'abort', 'connect', 'watch');
const renew = go('renewing', 'abort', 'forget', 'connect', 'watch');
const open = go('open', 'watch');
const caughtUp = go('live', 'calm', 'watch');
const lost = go('waiting', 'abort', 'unwatch', 'backoff');
const stale = go('waiting', 'abort', 'unwatch', 'forget', 'backoff');
const asked = go('waiting', 'abort', 'unwatch', 'pause');
const wrong = go('refused', 'abort', 'unwatch', 'slow');
const hangUp = go('closed', 'abort', 'unwatch', 'deafen');
const giveUp = go('closed', 'cancel', 'deafen');

const MACHINE: Table = {
  idle: {
    start: begin,
    stop: go('closed'),
    connected: null,
    live: null,
    activity: null,
    closing: null,
    expired: null,
    ended: null,
    failed: null,
    unauthorized: null,
    refused: null,
    timer: null,
    watchdog: null,
    online: null,
    offline: null,
    visible: null,
  },
  connecting: {
    start: null,
    stop: hangUp,
    connected: open,
    live: null,
    activity: null,
    closing: asked,
    expired: renew,
    ended: lost,
    failed: lost,
    unauthorized: renew,
    refused: wrong,
    timer: null,
    watchdog: lost,
    online: again,
    offline: null,
    visible: null,
  },
  // One fresh token a try: refused as well, it is for the back-off to ask for the next.
  renewing: {
    start: null,
    stop: hangUp,
    connected: open,
    live: null,
    activity: null,
    closing: asked,
    expired: stale,
    ended: lost,
    failed: lost,
    unauthorized: stale,
    refused: wrong,
    timer: null,
    watchdog: lost,
    online: again,
    offline: null,
    visible: null,
  },
  open: {
    start: null,
    stop: hangUp,
    connected: null,
    live: caughtUp,
    activity: open,
    closing: asked,
    expired: stale,
    ended: lost,
    failed: lost,
    unauthorized: null,
    refused: wrong,
    timer: null,
    watchdog: lost,
    online: again,
    offline: null,
    visible: null,
  },
  live: {
    start: null,
    stop: hangUp,
    connected: null,
    live: null,
    activity: go('live', 'watch'),
    closing: asked,
    expired: renew,
    ended: lost,
    failed: lost,
    unauthorized: null,
    refused: wrong,
    timer: null,
    watchdog: lost,
    online: again,
    offline: null,
    visible: null,
  },
  waiting: {
    start: retry,
    stop: giveUp,
    connected: null,
    live: null,
    activity: null,
    closing: null,
    expired: null,
    ended: null,
    failed: null,
    unauthorized: null,
    refused: null,
    timer: retry,
    watchdog: null,
    online: retry,
    offline: go('offline'),
    visible: retry,
  },
  // The browser may be wrong (a server on this very machine needs no network), so the timer goes on.
  offline: {
    start: retry,
    stop: giveUp,
    connected: null,
    live: null,
    activity: null,
    closing: null,
    expired: null,
    ended: null,
    failed: null,
    unauthorized: null,
    refused: null,
    timer: retry,
    watchdog: null,
    online: retry,
    offline: null,
    visible: retry,
  },
  refused: {
    start: retry,
    stop: giveUp,
    connected: null,
    live: null,
    activity: null,
    closing: null,
    expired: null,
    ended: null,
    failed: null,
    unauthorized: null,
    refused: null,
    timer: retry,
    watchdog: null,
    online: retry,
    offline: null,
    visible: retry,
  },
  closed: {
    start: begin,
    stop: null,
    connected: null,
    live: null,
    activity: null,
    closing: null,
    expired: null,
    ended: null,
    failed: null,
    unauthorized: null,
    refused: null,
    timer: null,
    watchdog: null,
    online: null,
    offline: null,
    visible: null,
  },
};

/** Pure: the same answer for the same pair, and an answer for every pair. */
export function transition(state: State, event: Event): Transition {
  return MACHINE[state][event] ?? go(state);
}

export const STATES = Object.keys(MACHINE) as readonly State[];
export const EVENTS = Object.keys(MACHINE.idle) as readonly Event[];
