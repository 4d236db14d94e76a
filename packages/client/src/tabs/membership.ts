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
export class Membership {
  /** How the others know it. Made when it is needed: creating a client touches no global. */
  id = '';
  readonly #environment: Environment;
  readonly #handlers: MembershipHandlers;
  role: Role = 'out';
  name = '';
  #channel: Broadcast | null = null;
  /** The request for the lock that counts; what an earlier one still says does not. */
  #request: { release: (() => void) | null; queued: AbortController } | null = null;
  #cancelTick = (): void => {};
  #misses = 0;

  constructor(environment: Environment, handlers: MembershipHandlers) {
    this.#environment = environment;
    this.#handlers = handlers;
  }

  join(name: string): void {
    this.id ||= crypto.randomUUID();
    this.name = name;
    this.happens('join');
  }

  happens(event: RoleEvent): void {
    const { to, effects } = roleAfter(this.role, event);
    this.role = to;
    for (const effect of effects) this.#effects[effect]();
  }

  post(message: Message): void {
    this.#channel?.postMessage({ ...message, from: this.id });
  }

  /** A word from the leader. */
  heard(): void {
    this.#misses = 0;
    this.happens('heard');
  }

  readonly #effects: Record<RoleEffect, () => void> = {
    open: () => {
      this.#channel = this.#environment.broadcast(this.name);
      this.#channel.onmessage = ({ data }) => this.#handlers.onLetter(data as Letter);
    },
    close: () => {
      this.#channel?.close();
      this.#channel = null;
    },
    queue: () => this.#ask({}),
    steal: () => this.#ask({ steal: true }),
    release: () => this.#release(),
    listen: () => {
      this.#misses = 0;
      this.#tick();
    },
    rest: () => this.#cancelTick(),
    announce: () => this.post({ type: 'lead' }),
    turn: () => this.#handlers.onTurn(),
  };

  /** Not all at once, or all would take the lock at once. Counted in ticks: after a sleep of all tabs the clock says nothing about who is there. */
  #tick(): void {
    this.#cancelTick = this.#environment.setTimer(
      () => {
        if (this.#misses > 0) this.post({ type: 'ping' });
        this.#misses += 1;
        this.#tick();
        if (this.#misses <= SILENT_TICKS) return;
        this.#misses = 0;
        this.happens('silent');
      },
      TICK_MS * (0.8 + 0.4 * this.#environment.random()),
    );
  }

  #ask(how: { steal?: boolean }): void {
    this.#release();
    const queued = new AbortController();
    const request = { release: null as (() => void) | null, queued };
    this.#request = request;
    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        request.release = resolve;
        if (this.#request === request) this.happens('granted');
        else resolve();
      });
    // A theft can't be called off.
    const options = how.steal ? how : { signal: queued.signal };
    this.#environment
      .locks()
      ?.request(this.name, options, hold)
      .catch(() => {
        if (this.#request !== request) return;
        this.#request = null;
        this.happens(request.release === null ? 'unable' : 'deposed');
      });
  }

  #release(): void {
    const request = this.#request;
    this.#request = null;
    request?.queued.abort();
    request?.release?.();
  }
}
