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
 * request or a body came to its end; `unfit` that streams do not work here, or still do not, `handover` that the connection is to be had
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
 * `abort` the request · `leave` what is kept between requests · `forget` the token, so that the next request fetches a fresh one · `watch` arms the watchdog anew, which a request has from its beginning to its end ·
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
  | 'backoff'
  | 'pause'
  | 'slow'
  | 'cancel'
  | 'calm';

export interface Transition {
  readonly to: State;
  readonly effects: readonly Effect[];
}

/** What every event means in a state; `null`: nothing. */
type Row = Readonly<Record<Event, Transition | null>>;

const go = (to: State, ...effects: Effect[]): Transition => ({ to, effects });

const begin = go('connecting', 'listen', 'connect');
const retry = go('connecting', 'cancel', 'connect');
const again = go('connecting', 'abort', 'connect');
const wake = go('connecting', 'connect');
const renew = go('renewing', 'abort', 'forget', 'connect');
const open = go('open', 'watch');
const caughtUp = go('live', 'calm', 'watch');
const poll = go('polling', 'abort', 'poll');
const pollAgain = go('polling', 'cancel', 'poll');
const lost = go('waiting', 'abort', 'backoff');
const stale = go('waiting', 'abort', 'forget', 'backoff');
const asked = go('waiting', 'abort', 'pause');
const stall = go('stalled', 'abort', 'backoff');
const wrong = go('refused', 'abort', 'slow');
const fallAsleep = go('suspended', 'abort', 'leave');
const sleepOn = go('suspended', 'cancel', 'leave');
const hangUp = go('closed', 'abort', 'leave', 'deafen');
const giveUp = go('closed', 'cancel', 'leave', 'deafen');

const NOTHING: Row = {
  start: null,
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
};

/** While a request runs. */
const ASKING: Row = {
  ...NOTHING,
  stop: hangUp,
  closing: asked,
  expired: stale,
  ended: lost,
  failed: lost,
  refused: wrong,
  unfit: poll,
  handover: again,
  watchdog: lost,
  online: again,
  suspend: fallAsleep,
};

/** While a poll runs: there is no stream that could end. `unfit` begins the polls anew. */
const POLLING: Row = { ...ASKING, closing: null, expired: null };

/** Until a timer has run out. */
const WAITING: Row = {
  ...NOTHING,
  start: retry,
  stop: giveUp,
  timer: retry,
  online: retry,
  visible: retry,
  suspend: sleepOn,
};

/** Every state with what is its own, on top of what it shares with those of its kind. */
const MACHINE: Readonly<Record<State, Row>> = {
  idle: { ...NOTHING, start: begin, stop: go('closed') },
  connecting: { ...ASKING, connected: open, expired: renew, unauthorized: renew },
  // One fresh token a try: refused as well, it is for the back-off to ask for the next.
  renewing: { ...ASKING, connected: open, unauthorized: stale },
  open: { ...ASKING, live: caughtUp, activity: open },
  live: { ...ASKING, activity: go('live', 'watch'), expired: renew },
  // The first poll of all: where it fails, nothing says that polls work better than streams.
  polling: {
    ...POLLING,
    live: go('polled', 'calm', 'watch'),
    activity: go('polling', 'watch'),
    unauthorized: stale,
  },
  polled: {
    ...POLLING,
    activity: go('polled', 'watch'),
    ended: stall,
    failed: stall,
    unauthorized: stall,
    watchdog: stall,
  },
  waiting: { ...WAITING, offline: go('offline') },
  stalled: { ...WAITING, start: pollAgain, timer: pollAgain, offline: go('offline'), visible: pollAgain },
  // The browser may be wrong (a server on this very machine needs no network), so the timer goes on.
  offline: WAITING,
  suspended: { ...NOTHING, start: wake, stop: go('closed', 'deafen'), online: wake, visible: wake },
  refused: WAITING,
  closed: { ...NOTHING, start: begin },
};

/** Pure: the same answer for the same pair, and an answer for every pair. */
export function transition(state: State, event: Event): Transition {
  return MACHINE[state][event] ?? go(state);
}

export const STATES = /* @__PURE__ */ Object.keys(MACHINE) as readonly State[];
export const EVENTS = /* @__PURE__ */ Object.keys(NOTHING) as readonly Event[];
