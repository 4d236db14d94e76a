import { NO_ROWS, type Principal } from '@belfry/core';
import { type Channel, NOTHING } from '@belfry/protocol';
import type { HubContext } from './context.ts';
import type { LogEntry } from './log-entry.ts';
import type { Room } from './room.ts';
import { type StreamRequest, tokenLeftMs } from './stream-request.ts';
import type { Waiter } from './waiter.ts';

/** What is waited for, and how to look whether it is there. */
export interface Wait<Value> {
  principal: Principal;
  /** One that every event of it goes to. */
  channel: Channel;
  /** Whether an event may have changed it. Asked of each on the channel, so it must be quick. */
  concerns(entry: LogEntry): boolean;
  look(): Promise<Value>;
  isOver(value: Value): boolean;
}

/** As a listener in a room it is a stream of this one channel. */
export function waitRequest({ principal, channel }: Pick<Wait<unknown>, 'principal' | 'channel'>): StreamRequest {
  const grants = { ...NOTHING, exact: [channel] };
  return { principal, rows: NO_ROWS, grants, filters: {}, cursor: null, access: null, wantsState: false, device: null };
}

/**
 * Looks, and looks again after each event that concerns it. What happens between a look and the wait after it ends that
 * wait at once: the log is followed before the first look.
 */
export async function waitFor<Value>(
  { core: { clock } }: Pick<HubContext, 'core'>,
  room: Room,
  waiter: Waiter,
  wait: Wait<Value>,
  waitMs: number,
): Promise<Value> {
  const deadline = performance.now() + Math.min(waitMs, tokenLeftMs(wait.principal, clock.now()));
  await room.follower.start();
  for (;;) {
    const value = await wait.look();
    const left = deadline - performance.now();
    if (wait.isOver(value) || left <= 0 || waiter.ended) return value;
    await waiter.next(left);
  }
}
