import type { Person, Principal, Reader, Service } from '@belfry/core';
import { readerOf } from '@belfry/core';
import {
  BelfryError,
  covers,
  EVERYTHING,
  type Grants,
  grantPrefix,
  grantsOf,
  holds,
  NOTHING,
  quote,
  type TypeFilter,
  userChannel,
} from '@belfry/protocol';

/** What `?types=` and `?events=` leave through. Absent: everything. */
export interface StreamFilters {
  types?: TypeFilter;
  events?: TypeFilter;
}

/** One checked wish for a stream or a poll. */
export interface StreamRequest {
  principal: Principal;
  /** What it may carry: the principal's grants, narrowed by `?channels=`. */
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

export function grantsOfPrincipal(principal: Principal): Grants {
  if (principal.kind === 'service') return EVERYTHING;
  return grantsOf(principal.user, principal.roles, principal.channels);
}

/**
 * Fewer channels than the principal has, never more. A `topic:` prefix may be asked for where it is held.
 *
 * @throws BelfryError `forbidden`, naming the first that is not held.
 */
export function narrowed(grants: Grants, channels: readonly string[] | undefined): Grants {
  if (channels === undefined) return grants;
  const refused = channels.find((channel) => !covers(grants, channel));
  if (refused !== undefined) {
    throw new BelfryError('forbidden', `You have no access to ${quote(refused)}. Leave it out of channels.`, {
      field: 'channels',
    });
  }
  const prefixes = channels.map(grantPrefix).filter((prefix) => prefix !== null);
  return { ...NOTHING, exact: channels.filter((channel) => grantPrefix(channel) === null), prefixes };
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

/** The person as the store knows them, with this stream's channels and types. */
export function readerFor(request: StreamRequest, person: Person, now: number): Reader {
  const reader: Reader = { ...readerOf(person, now), grants: request.grants };
  if (request.filters.types !== undefined) reader.types = request.filters.types;
  return reader;
}

export function personOf(principal: Person | Service): Person | null {
  return principal.kind === 'person' ? principal : null;
}
