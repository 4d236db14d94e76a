import type { Principal } from '@belfry/core';
import { LIMITS, type PollAnswer, parseCursor } from '@belfry/protocol';
import type { HubContext } from './context.ts';
import { NewestListeners } from './newest-listeners.ts';
import { poll } from './poll.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { grantsOfPrincipal, isUnfiltered, type StreamRequest } from './stream-request.ts';
import { type Wait, waitFor, waitRequest } from './wait.ts';
import { Waiter } from './waiter.ts';

/** Everyone in this process who waits for one answer: polls, and waits for what will become of one thing. */
export class Waiters {
  readonly #context: HubContext;
  readonly #rooms: Rooms;
  readonly #onLeft: (room: Room) => void;
  readonly #waiting = new Map<Waiter, Principal>();
  /** Those of services. Those of people count among their streams. */
  readonly #ofServices = new NewestListeners(LIMITS.serviceWaits);

  /** @param onLeft called each time that somebody has gone. */
  constructor(context: HubContext, rooms: Rooms, onLeft: (room: Room) => void) {
    this.#context = context;
    this.#rooms = rooms;
    this.#onLeft = onLeft;
  }

  get size(): number {
    return this.#waiting.size;
  }

  principals(): Iterable<Principal> {
    return this.#waiting.values();
  }

  /** Answers at once if there is anything after the cursor, else when there is, else after `waitMs`. */
  async poll(request: StreamRequest, waitMs: number, signal: AbortSignal): Promise<PollAnswer> {
    const waiter = new Waiter();
    const answer = await this.#listen(request, waiter, signal, (room) =>
      poll(this.#context, room, request, waiter, waitMs),
    );
    this.#noteSent(request, answer);
    return answer;
  }

  /** Looks until it is over, or until `waitMs`, the end of its client or of this process: then what there is. */
  wait<Value>(wait: Wait<Value>, waitMs: number, signal: AbortSignal): Promise<Value> {
    const waiter = new Waiter((entry) => wait.concerns(entry));
    return this.#listen(waitRequest(wait), waiter, signal, (room) =>
      waitFor(this.#context, room, waiter, wait, waitMs),
    );
  }

  /** Ends the waits of those: each is answered with what there is. */
  closeWhere(isGone: (principal: Principal) => boolean): void {
    for (const [waiter, principal] of this.#waiting) if (isGone(principal)) waiter.close();
  }

  /** A waiter in its room for as long as the work takes. It ends early with its client. */
  async #listen<Value>(
    request: StreamRequest,
    waiter: Waiter,
    signal: AbortSignal,
    work: (room: Room) => Promise<Value>,
  ): Promise<Value> {
    const { principal } = request;
    const room = this.#rooms.enter({ tenant: principal.tenant });
    const stop = () => waiter.close();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    this.#waiting.set(waiter, principal);
    room.join(waiter, request);
    if (principal.kind === 'service') this.#ofServices.add(principal, waiter);
    try {
      return await work(room);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#waiting.delete(waiter);
      this.#ofServices.remove(principal, waiter);
      this.#context.counts.polls += 1;
      room.leave(waiter, request);
      this.#onLeft(room);
    }
  }

  #noteSent(request: StreamRequest, { cursor, events }: PollAnswer): void {
    const { counts, core } = this.#context;
    counts.polled += events.length;
    const { principal, rows, grants } = request;
    if (principal.kind === 'service') return;
    if (isUnfiltered(request)) core.presence.sent(principal, parseCursor(cursor)?.n ?? 0, grants);
    else core.presence.holds(principal, grantsOfPrincipal(principal, rows));
  }
}
