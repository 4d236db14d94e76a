import { type Audience, INVALIDATED, scopeHash, sinceOf } from '@belfry/core';
import { type Channel, firstHeld, holds, matchesType, userChannel } from '@belfry/protocol';
import type { LogEntry } from './log-entry.ts';
import { readerFor, type StreamRequest } from './stream-request.ts';

/** Which entries one reader gets, and how they are shown. */
export class Selection {
  readonly #request: StreamRequest;
  readonly audience: Audience;
  readonly #since: number;
  /** The person's own channel; null for a service. */
  readonly #own: Channel | null;
  /** False where the stream was narrowed away from it: then nothing comes by it but marks. */
  readonly #showsOwn: boolean;
  /** Whether all that its channels bring is its own: nothing is left out, but what is too old. */
  readonly #isWhole: boolean;
  #scope: string | null = null;

  constructor(request: StreamRequest, now: number) {
    const { principal, grants, filters } = request;
    this.#request = request;
    this.audience = principal.kind;
    this.#since = principal.kind === 'service' ? 0 : sinceOf(principal, now);
    this.#own = principal.kind === 'service' ? null : userChannel(principal.user);
    this.#showsOwn = this.#own !== null && holds(grants, this.#own);
    const isNarrowed = grants.except !== undefined || (this.#own !== null && !this.#showsOwn);
    this.#isWhole = !isNarrowed && filters.types === undefined && filters.events === undefined;
  }

  /** Known at a glance, for most of what comes live to most: by whichever channel it comes, it is theirs. */
  takes(entry: LogEntry): boolean {
    return this.#isWhole && entry.isSimple && entry.itemAt >= this.#since;
  }

  /** The channel a missed entry comes by; null where it is not theirs, too old, or filtered out. */
  channelOf(entry: LogEntry): Channel | null {
    if (!this.passes(entry)) return null;
    return this.#isOwnMark(entry) ? this.#own : firstHeld(this.#request.grants, entry.event.to);
  }

  /** Whether what comes live by this channel is theirs by it. All that a stream follows is in the index, not all is shown. */
  comesBy(entry: LogEntry, channel: Channel): boolean {
    const { grants } = this.#request;
    if (grants.except !== undefined && channel !== this.#own && !holds(grants, channel)) return false;
    return this.#showsOwn || channel !== this.#own || this.#isOwnMark(entry) || entry.isAccessChange;
  }

  /** What age and the filters say. Which channels are held is another matter: the index answers it for live entries. */
  passes(entry: LogEntry): boolean {
    if (this.#isTooOld(entry) || (entry.isAccessChange && this.#isHidden(entry))) return false;
    const { events, types } = this.#request.filters;
    if (events !== undefined && !matchesType(events, entry.event.type)) return false;
    if (types === undefined) return true;
    const type = entry.notificationType;
    return type === null || matchesType(types, type);
  }

  #isHidden({ event }: LogEntry): boolean {
    return event.type === INVALIDATED && this.audience === 'person';
  }

  /**
   * An edit is as old as what it edits: whoever came later has never had it. What was sent to a person by name is theirs
   * whatever its age, and so are their marks.
   */
  #isTooOld(entry: LogEntry): boolean {
    if (entry.itemAt >= this.#since || this.#isOwnMark(entry)) return false;
    return !this.#showsOwn || !entry.event.to.includes(this.#own as Channel);
  }

  /** What one of the person's devices marked. It is addressed to nobody else. */
  #isOwnMark({ event }: LogEntry): boolean {
    return event.type === 'notification.state' && this.#own !== null && event.to.includes(this.#own);
  }

  /** A person's counts differ under a filter of types and in another scope: then the frame that all share won't do. */
  needsOwnCounts(entry: LogEntry): boolean {
    if (entry.event.type !== 'notification.state' || this.audience === 'service') return false;
    return (this.#request.filters.types !== undefined || this.#isOfOtherScope(entry)) && this.passes(entry);
  }

  /** Whether what follows it can't be judged, or told, as before it: then the stream stops there for a moment. */
  isTurn(entry: LogEntry): boolean {
    return this.changesAccess(entry) || this.#needsState(entry);
  }

  /** Whether it gives this person something or takes it. Theirs by name, or by a channel that is taken from everybody. */
  changesAccess({ isAccessChange, event }: LogEntry): boolean {
    if (!isAccessChange || this.#own === null) return false;
    return event.to.includes(this.#own) || firstHeld(this.#request.grants, event.to) !== null;
  }

  /**
   * What a device with other grants has marked up to a point is not what this one would mark: it could see more, or
   * less. Then the stream is told the whole state anew.
   */
  #needsState(entry: LogEntry): boolean {
    return this.#request.wantsState && this.needsOwnCounts(entry) && entry.isMarkUpTo && this.#isOfOtherScope(entry);
  }

  #isOfOtherScope({ countedFor }: LogEntry): boolean {
    const { principal } = this.#request;
    if (countedFor === undefined || principal.kind === 'service') return false;
    this.#scope ??= scopeHash({ ...readerFor(this.#request, principal, 0), grants: this.#request.grants });
    return this.#scope !== countedFor;
  }
}
