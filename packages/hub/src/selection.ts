import { type Audience, grantsHash, isoTime, readerOf } from '@belfry/core';
import { type Channel, firstHeld, holds, matchesType, userChannel } from '@belfry/protocol';
import type { LogEntry } from './log-entry.ts';
import type { StreamRequest } from './stream-request.ts';

/** Which entries one reader gets, and how they are shown. */
export class Selection {
  readonly #request: StreamRequest;
  readonly audience: Audience;
  readonly #since: string;
  /** What was sent to a person by name is theirs whatever its age. */
  readonly #own: Channel | null;
  #grantsHash: string | null = null;

  constructor(request: StreamRequest, now: number) {
    this.#request = request;
    this.audience = request.principal.kind;
    this.#since = isoTime(sinceOf(request, now));
    this.#own = ownChannel(request);
  }

  /** The channel a missed entry comes by; null where it is not theirs, too old, or filtered out. */
  channelOf(entry: LogEntry): Channel | null {
    return this.passes(entry) ? firstHeld(this.#request.grants, entry.event.to) : null;
  }

  /** What age and the filters say. Which channels are held is another matter: the index answers it for live entries. */
  passes(entry: LogEntry): boolean {
    if (this.#isTooOld(entry)) return false;
    const { events, types } = this.#request.filters;
    if (events !== undefined && !matchesType(events, entry.event.type)) return false;
    if (types === undefined) return true;
    const type = entry.notificationType;
    return type === null || matchesType(types, type);
  }

  /** An edit is as old as what it edits: whoever came later has never had it. */
  #isTooOld(entry: LogEntry): boolean {
    if (entry.itemTime >= this.#since) return false;
    return this.#own === null || !entry.event.to.includes(this.#own);
  }

  /** A person's counts differ under a filter of types and under other grants: then the frame that all share won't do. */
  needsOwnCounts(entry: LogEntry): boolean {
    if (entry.event.type !== 'notification.state' || this.audience === 'service') return false;
    return (this.#request.filters.types !== undefined || this.#hasOtherGrants(entry)) && this.passes(entry);
  }

  #hasOtherGrants({ countedFor }: LogEntry): boolean {
    if (countedFor === undefined) return false;
    this.#grantsHash ??= grantsHash(this.#request.grants);
    return this.#grantsHash !== countedFor;
  }
}

function ownChannel({ principal, grants }: StreamRequest): Channel | null {
  if (principal.kind === 'service') return null;
  const own = userChannel(principal.user);
  return holds(grants, own) ? own : null;
}

function sinceOf({ principal }: StreamRequest, now: number): number {
  return principal.kind === 'service' ? 0 : readerOf(principal, now).since;
}
