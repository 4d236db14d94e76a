/**
 * What a tab is to the others of its session.
 *
 * - `out` not among them · `alone` cannot be: a connection of its own
 * - `seeking` waits for the lock, or for a word of who has it · `following` hears from a leader
 * - `leading` has the lock, and with it the connection for all
 */
export type Role = 'out' | 'seeking' | 'following' | 'leading' | 'alone';

/**
 * `granted` and `deposed` are about the lock; the second is by a tab that took it for itself. `heard` is any sign of
 * a leader, `silent` that there was none for too long, `unable` that this place has no locks or channels after all.
 */
export type RoleEvent = 'join' | 'leave' | 'granted' | 'deposed' | 'heard' | 'silent' | 'unable';

/**
 * `open`/`close` the channel · `queue` for the lock, `steal` it, `release` it or the place in the queue ·
 * `listen`/`rest` watch the leader · `announce` that this tab leads now · `turn` to the connection of the new role.
 */
export type RoleEffect = 'open' | 'close' | 'queue' | 'steal' | 'release' | 'listen' | 'rest' | 'announce' | 'turn';

export interface RoleChange {
  readonly to: Role;
  readonly effects: readonly RoleEffect[];
}

/** What every event means in a role; `null`: nothing. */
type Row = Readonly<Record<RoleEvent, RoleChange | null>>;

const become = (to: Role, ...effects: RoleEffect[]): RoleChange => ({ to, effects });

const lead = become('leading', 'rest', 'announce', 'turn');
const takeOver = become('seeking', 'steal');
const goAway = become('out', 'rest', 'release', 'close');
const giveIn = become('alone', 'rest', 'release', 'close', 'turn');

const NOTHING: Row = {
  join: null,
  leave: null,
  granted: null,
  deposed: null,
  heard: null,
  silent: null,
  unable: null,
};

/** In the queue for the lock, which another tab has. */
const QUEUED: Row = { ...NOTHING, leave: goAway, granted: lead, silent: takeOver, unable: giveIn };

/** Every role with what is its own, on top of what it shares with those of its kind. */
const ROLES: Readonly<Record<Role, Row>> = {
  out: { ...NOTHING, join: become('seeking', 'open', 'queue', 'listen'), unable: become('alone', 'turn') },
  seeking: { ...QUEUED, heard: become('following') },
  following: QUEUED,
  // Whose lock was taken was asleep for a while: it hears from the new leader now, as any other tab.
  leading: {
    ...NOTHING,
    leave: become('out', 'release', 'close'),
    deposed: become('seeking', 'queue', 'listen', 'turn'),
    unable: become('alone', 'release', 'close', 'turn'),
  },
  alone: { ...NOTHING, leave: become('out') },
};

/** Pure: the same answer for the same pair, and an answer for every pair. */
export function roleAfter(role: Role, event: RoleEvent): RoleChange {
  return ROLES[role][event] ?? become(role);
}

export const ROLE_NAMES = /* @__PURE__ */ Object.keys(ROLES) as readonly Role[];
export const ROLE_EVENTS = /* @__PURE__ */ Object.keys(NOTHING) as readonly RoleEvent[];
