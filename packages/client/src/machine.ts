/**
 * Where a stream stands.
 *
 * - `idle` never started · `closed` stopped
 * - `connecting` asked for, `connected` not seen yet · `renewing` the same, with a token fetched after a 401
 * - `open` connected and catching up · `live` caught up
 * - `polling` streams do not work here: asked with `?wait=`, nothing had yet · `polled` caught up by that
 * - `waiting` backing off · `stalled` the same where streams do not work · `offline` backing off while the browser says there is no network
 * - `suspended` the page sleeps, in the back/forward cache or frozen
 * - `refused` the server says that the request itself is wrong: asked again, but slowly
 */
export type State =
  | 'idle'
  | 'connecting'
  | 'renewing'
  | 'open'
  | 'live'
  | 'polling'
  | 'polled'
  | 'waiting'
  | 'stalled'
  | 'offline'
  | 'suspended'
  | 'refused'
  | 'closed';

/**
 * What can happen. `connected`, `live` and `closing` are the frames of those names, `expired` is
 * `closing: token_expired`; `activity` is any bytes. `ended`, `failed`, `unauthorized` and `refused` say how a
 * request or a body came to its end; `unfit` that streams do not work here, `handover` that the connection is to be had
 * another way (a stream after polls, another tab's). `timer` is the back-off running out, `watchdog` the silence lasting
 * too long. `suspend`: the page falls asleep; `visible` is also its waking.
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
  | 'unfit'
  | 'handover'
  | 'timer'
  | 'watchdog'
  | 'online'
  | 'offline'
  | 'visible'
  | 'suspend';

/**
 * What to do about it, in this order: `listen`/`deafen` to online, visible and suspend · `connect`, or `poll` instead ·
 * `abort` the request · `leave` what is kept between requests · `forget` the token, so that the next request fetches a fresh one · `watch`/`unwatch` (re-)arm the watchdog ·
 * `backoff`, `pause` (what the server asked for) and `slow` set the timer, `cancel` clears it · `calm` starts the
 * back-off over.
 */
export type Effect =
  | 'listen'
  | 'deafen'
  | 'connect'
  | 'poll'
  | 'abort'
  | 'leave'
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
const wake = go('connecting', 'connect', 'watch');
const renew = go('renewing', 'abort', 'forget', 'connect', 'watch');
const open = go('open', 'watch');
const caughtUp = go('live', 'calm', 'watch');
const poll = go('polling', 'abort', 'poll', 'watch');
const pollAgain = go('polling', 'cancel', 'poll', 'watch');
const lost = go('waiting', 'abort', 'unwatch', 'backoff');
const stale = go('waiting', 'abort', 'unwatch', 'forget', 'backoff');
const asked = go('waiting', 'abort', 'unwatch', 'pause');
const stall = go('stalled', 'abort', 'unwatch', 'backoff');
const wrong = go('refused', 'abort', 'unwatch', 'slow');
const fallAsleep = go('suspended', 'abort', 'unwatch', 'leave');
const sleepOn = go('suspended', 'cancel', 'leave');
const hangUp = go('closed', 'abort', 'unwatch', 'leave', 'deafen');
const giveUp = go('closed', 'cancel', 'leave', 'deafen');

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
    unfit: null,
    handover: null,
    timer: null,
    watchdog: null,
    online: null,
    offline: null,
    visible: null,
    suspend: null,
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
    unfit: poll,
    handover: again,
    timer: null,
    watchdog: lost,
    online: again,
    offline: null,
    visible: null,
    suspend: fallAsleep,
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
    unfit: poll,
    handover: again,
    timer: null,
    watchdog: lost,
    online: again,
    offline: null,
    visible: null,
    suspend: fallAsleep,
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
    unfit: poll,
    handover: again,
    timer: null,
    watchdog: lost,
    online: again,
    offline: null,
    visible: null,
    suspend: fallAsleep,
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
    unfit: poll,
    handover: again,
    timer: null,
    watchdog: lost,
    online: again,
    offline: null,
    visible: null,
    suspend: fallAsleep,
  },
  // The first poll of all: where it fails, nothing says that polls work better than streams.
  polling: {
    start: null,
    stop: hangUp,
    connected: null,
    live: go('polled', 'calm', 'watch'),
    activity: go('polling', 'watch'),
    closing: null,
    expired: null,
    ended: lost,
    failed: lost,
    unauthorized: stale,
    refused: wrong,
    unfit: null,
    handover: again,
    timer: null,
    watchdog: lost,
    online: again,
    offline: null,
    visible: null,
    suspend: fallAsleep,
  },
  polled: {
    start: null,
    stop: hangUp,
    connected: null,
    live: null,
    activity: go('polled', 'watch'),
    closing: null,
    expired: null,
    ended: stall,
    failed: stall,
    unauthorized: stall,
    refused: wrong,
    unfit: null,
    handover: again,
    timer: null,
    watchdog: stall,
    online: again,
    offline: null,
    visible: null,
    suspend: fallAsleep,
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
    unfit: null,
    handover: null,
    timer: retry,
    watchdog: null,
    online: retry,
    offline: go('offline'),
    visible: retry,
    suspend: sleepOn,
  },
  stalled: {
    start: pollAgain,
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
    unfit: null,
    handover: null,
    timer: pollAgain,
    watchdog: null,
    online: retry,
    offline: go('offline'),
    visible: pollAgain,
    suspend: sleepOn,
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
    unfit: null,
    handover: null,
    timer: retry,
    watchdog: null,
    online: retry,
    offline: null,
    visible: retry,
    suspend: sleepOn,
  },
  suspended: {
    start: wake,
    stop: go('closed', 'deafen'),
    connected: null,
    live: null,
    activity: null,
    closing: null,
    expired: null,
    ended: null,
    failed: null,
    unauthorized: null,
    refused: null,
    unfit: null,
    handover: null,
    timer: null,
    watchdog: null,
    online: wake,
    offline: null,
    visible: wake,
    suspend: null,
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
    unfit: null,
    handover: null,
    timer: retry,
    watchdog: null,
    online: retry,
    offline: null,
    visible: retry,
    suspend: sleepOn,
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
    unfit: null,
    handover: null,
    timer: null,
    watchdog: null,
    online: null,
    offline: null,
    visible: null,
    suspend: null,
  },
};

/** Pure: the same answer for the same pair, and an answer for every pair. */
export function transition(state: State, event: Event): Transition {
  return MACHINE[state][event] ?? go(state);
}

export const STATES = Object.keys(MACHINE) as readonly State[];
export const EVENTS = Object.keys(MACHINE.idle) as readonly Event[];
