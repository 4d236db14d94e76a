import type { Broadcast, Environment } from '../environment.ts';
import type { Letter, Message } from './messages.ts';
import { type Role, type RoleEffect, type RoleEvent, roleAfter } from './roles.ts';

const TICK_MS = 200;
/** More ticks than these without a word from the leader: it sleeps, and does not know it. */
const SILENT_TICKS = 3;

export interface MembershipHandlers {
  /** From another tab. */
  onLetter(letter: Letter): void;
  /** This tab is something else now: what it listened to is not its connection any more. */
  onTurn(): void;
}

/** A tab's place among those of its session. Does what the table of roles says. */
export interface Membership {
  /** How the others know it. Made when it is needed: creating a client touches no global. */
  id: string;
  role: Role;
  /** Of the session. */
  name: string;
  join(name: string): void;
  happens(event: RoleEvent): void;
  post(message: Message): void;
  /** A word from the leader. */
  heard(): void;
}

/** A request for the lock. */
interface Request {
  release: (() => void) | null;
  readonly queued: AbortController;
}

export function createMembership(environment: Environment, handlers: MembershipHandlers): Membership {
  let channel: Broadcast | null = null;
  /** The one that counts; what an earlier one still says does not. */
  let request: Request | null = null;
  let cancelTick = (): void => {};
  let misses = 0;

  /** Not all at once, or all would take the lock at once. Counted in ticks: after a sleep of all tabs the clock says nothing about who is there. */
  const tick = (): void => {
    const next = (): void => {
      if (misses > 0) post({ type: 'ping' });
      misses += 1;
      tick();
      if (misses <= SILENT_TICKS) return;
      misses = 0;
      membership.happens('silent');
    };
    cancelTick = environment.setTimer(next, TICK_MS * (0.8 + 0.4 * environment.random()));
  };

  const post = (message: Message): void => channel?.postMessage({ ...message, from: membership.id });

  const release = (): void => {
    const last = request;
    request = null;
    last?.queued.abort();
    last?.release?.();
  };

  const ask = (how: { steal?: boolean }): void => {
    release();
    const queued = new AbortController();
    const own: Request = { release: null, queued };
    request = own;
    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        own.release = resolve;
        if (request === own) membership.happens('granted');
        else resolve();
      });
    // A theft can't be called off.
    const options = how.steal ? how : { signal: queued.signal };
    environment
      .locks()
      ?.request(membership.name, options, hold)
      .catch(() => {
        if (request !== own) return;
        request = null;
        membership.happens(own.release === null ? 'unable' : 'deposed');
      });
  };

  const effects: Record<RoleEffect, () => void> = {
    open: () => {
      channel = environment.broadcast(membership.name);
      channel.onmessage = ({ data }) => handlers.onLetter(data as Letter);
    },
    close: () => {
      channel?.close();
      channel = null;
    },
    queue: () => ask({}),
    steal: () => ask({ steal: true }),
    release,
    listen: () => {
      misses = 0;
      tick();
    },
    rest: () => cancelTick(),
    announce: () => post({ type: 'lead' }),
    turn: () => handlers.onTurn(),
  };

  const membership: Membership = {
    id: '',
    role: 'out',
    name: '',
    join: (name) => {
      membership.id ||= crypto.randomUUID();
      membership.name = name;
      membership.happens('join');
    },
    happens: (event) => {
      const { to, effects: due } = roleAfter(membership.role, event);
      membership.role = to;
      for (const effect of due) effects[effect]();
    },
    post,
    heard: () => {
      misses = 0;
      membership.happens('heard');
    },
  };
  return membership;
}
