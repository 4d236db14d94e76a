import { type AccessRows, heldBy, NO_ROWS, type Person, type Principal, type Reader, readerOf } from '@belfry/core';
import {
  BelfryError,
  covers,
  EVERYTHING,
  type Grants,
  holds,
  quote,
  type TypeFilter,
  userChannel,
  within,
} from '@belfry/protocol';
import { claimedBy } from './claimed.ts';

/** What `?types=` and `?events=` leave through. Absent: everything. */
export interface StreamFilters {
  types?: TypeFilter;
  events?: TypeFilter;
}

/** One checked wish for a stream or a poll. */
export interface StreamRequest {
  principal: Principal;
  /** `?channels=`: only these channels and prefix grants, of what the principal holds. */
  only?: readonly string[];
  /** What the database says about the person's access, up to where the stream is served. */
  rows: AccessRows;
  /** What it may carry there: what is held, narrowed by `only`. */
  grants: Grants;
  filters: StreamFilters;
  /** `Last-Event-ID` as it came; anything, also garbage. */
  cursor: string | null;
  /** `?access=`, or what the ticket remembers. */
  access: string | null;
  /** False for `?state=none`. */
  wantsState: boolean;
  device: string | null;
}

/** What a principal holds with these rows. */
export function grantsOfPrincipal(principal: Principal, rows: AccessRows = NO_ROWS): Grants {
  if (principal.kind === 'service') return EVERYTHING;
  const { user, issuedAt = null } = principal;
  return heldBy({ user, issuedAt, grants: claimedBy(principal).grants }, rows);
}

/**
 * Fewer channels than the principal has, never more. A `topic:` prefix may be asked for where it is held.
 *
 * @throws BelfryError `forbidden`, naming the first that is not held.
 */
export function narrowed(grants: Grants, channels: readonly string[] | undefined): Grants {
  if (channels === undefined) return grants;
  const refused = channels.find((channel) => !covers(grants, channel));
  if (refused === undefined) return within(grants, channels);
  throw new BelfryError('forbidden', `You have no access to ${quote(refused)}. Leave it out of channels.`, {
    field: 'channels',
  });
}

/** The same stream after the database says something else about its person's access. */
export function withRows(request: StreamRequest, rows: AccessRows): StreamRequest {
  const held = grantsOfPrincipal(request.principal, rows);
  return { ...request, rows, grants: request.only === undefined ? held : within(held, request.only) };
}

/** What the credential itself gives of what was asked for, whatever the database says. */
export function claimedOf({ principal, only }: Pick<StreamRequest, 'principal' | 'only'>): Grants {
  const claimed = grantsOfPrincipal(principal);
  return only === undefined ? claimed : within(claimed, only);
}

/**
 * What a stream listens to: all it may carry, and its person's own channel. By that come their marks, which reach every
 * stream of theirs, also one that was narrowed to other channels. `Selection` lets nothing else of it through.
 */
export function followed({ principal, grants }: Pick<StreamRequest, 'principal' | 'grants'>): Grants {
  if (principal.kind === 'service') return grants;
  const own = userChannel(principal.user);
  return holds(grants, own) ? grants : { ...grants, exact: [...grants.exact, own] };
}

/** Whether it carries all that its reader holds: only then what was sent by it says something of each notification. */
export function isUnfiltered({ only, filters }: Pick<StreamRequest, 'only' | 'filters'>): boolean {
  return only === undefined && filters.types === undefined && filters.events === undefined;
}

/** The person as the store knows them, with this stream's channels and types. */
export function readerFor(request: StreamRequest, person: Person, now: number): Reader {
  const reader: Reader = readerOf(person, now);
  if (request.only !== undefined) reader.only = request.only;
  if (request.filters.types !== undefined) reader.types = request.filters.types;
  return reader;
}

export function personOf(principal: Principal): Person | null {
  return principal.kind === 'person' ? principal : null;
}

/** How long the credential still holds: for ever, where it has no end. */
export function tokenLeftMs(principal: Principal, now: number): number {
  const ends = personOf(principal)?.expiresAt ?? null;
  return ends === null ? Number.POSITIVE_INFINITY : ends - now;
}
