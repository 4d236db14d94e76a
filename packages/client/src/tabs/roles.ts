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

type Table = Readonly<Record<Role, Readonly<Record<RoleEvent, RoleChange | null>>>>;

const become = (to: Role, ...effects: RoleEffect[]): RoleChange => ({ to, effects });

const lead = become('leading', 'rest', 'announce', 'turn');
const takeOver = become('seeking', 'steal');
const goAway = become('out', 'rest', 'release', 'close');
const giveIn = become('alone', 'rest', 'release', 'close', 'turn');

const ROLES: Table = {
  out: {
    join: become('seeking', 'open', 'queue', 'listen'),
    leave: null,
    granted: null,
    deposed: null,
    heard: null,
    silent: null,
    unable: become('alone', 'turn'),
  },
  seeking: {
    join: null,
    leave: goAway,
    granted: lead,
    deposed: null,
    heard: become('following'),
    silent: takeOver,
    unable: giveIn,
  },
  following: {
    join: null,
    leave: goAway,
    granted: lead,
    deposed: null,
    heard: null,
    silent: takeOver,
    unable: giveIn,
  },
  // Whose lock was taken was asleep for a while: it hears from the new leader now, as any other tab.
  leading: {
    join: null,
    leave: become('out', 'release', 'close'),
    granted: null,
    deposed: become('seeking', 'queue', 'listen', 'turn'),
    heard: null,
    silent: null,
    unable: become('alone', 'release', 'close', 'turn'),
  },
  alone: {
    join: null,
    leave: become('out'),
    granted: null,
    deposed: null,
    heard: null,
    silent: null,
    unable: null,
  },
};

/** Pure: the same answer for the same pair, and an answer for every pair. */
export function roleAfter(role: Role, event: RoleEvent): RoleChange {
  return ROLES[role][event] ?? become(role);
}

export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];
export const ROLE_EVENTS = Object.keys(ROLES.out) as readonly RoleEvent[];
