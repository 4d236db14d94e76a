import { type AccessRows, type Core, NO_ROWS, type Person, type Principal } from '@belfry/core';
import { grantsOfPrincipal, narrowed, type StreamRequest } from '@belfry/hub';
import { BelfryError } from '@belfry/protocol';
import type { Services } from '../http/route.ts';

export type Held = Pick<StreamRequest, 'principal' | 'only' | 'rows' | 'grants'>;

/** What a caller holds at this moment, or `only` these channels of it. @throws BelfryError `forbidden` for one that they do not hold. */
export async function heldBy(
  { core }: Pick<Services, 'core'>,
  principal: Principal,
  only: string[] | undefined,
): Promise<Held> {
  if (principal.kind === 'service') return heldWith(principal, NO_ROWS, only);
  return heldByPerson(core, principal, await core.memberships.rowsOf(principal, core.clock.now()), only);
}

/**
 * The same for a stream that goes on from a number, as far as this process has heard. Who is refused may have been given
 * it elsewhere a moment ago: then it is looked for in the database.
 */
export function heldByStream(
  services: Pick<Services, 'core' | 'hub'>,
  principal: Principal,
  only: string[] | undefined,
  from: number,
): Promise<Held> | Held {
  if (principal.kind === 'service') return heldWith(principal, NO_ROWS, only);
  const isAsked = only !== undefined || services.core.appAccess.isAsked;
  const known = isAsked ? null : services.hub.knownRowsOf(principal, from);
  return known === null ? heldByReading(services, principal, only, from) : heldWith(principal, known, undefined);
}

async function heldByReading(
  services: Pick<Services, 'core' | 'hub'>,
  principal: Person,
  only: string[] | undefined,
  from: number,
): Promise<Held> {
  try {
    return await heldByPerson(services.core, principal, await services.hub.rowsOf(principal, from), only);
  } catch (error) {
    if (error instanceof BelfryError && error.code === 'forbidden') return heldBy(services, principal, only);
    throw error;
  }
}

/**
 * For a stream that begins anew with all of its person's channels: what the database says of them is read with what the
 * stream begins with, and until then it is sent nothing. Null where it has to be known before.
 */
export function heldAnew({ core }: Pick<Services, 'core'>, principal: Principal): Held | null {
  return core.appAccess.isAsked ? null : heldWith(principal, NO_ROWS, undefined);
}

async function heldByPerson(core: Core, person: Person, rows: AccessRows, only: string[] | undefined): Promise<Held> {
  const asked = core.appAccess.isAsked ? await core.appAccess.asOf(person, rows.invalidatedAt) : person;
  return heldWith(asked, rows, only);
}

/** A list may be narrowed like a stream. @throws BelfryError `forbidden` for a channel that the caller does not hold. */
export async function requireHeld(
  { core, principal }: Pick<Services, 'core'> & { principal: Principal },
  only: string[] | undefined,
): Promise<void> {
  if (only !== undefined) await heldBy({ core }, principal, only);
}

function heldWith(principal: Principal, rows: Held['rows'], only: string[] | undefined): Held {
  const grants = narrowed(grantsOfPrincipal(principal, rows), only);
  return { principal, rows, grants, ...(only === undefined ? {} : { only }) };
}
