import { NO_ROWS, type Principal } from '@belfry/core';
import { grantsOfPrincipal, narrowed, type StreamRequest } from '@belfry/hub';
import type { Services } from '../http/route.ts';

export type Held = Pick<StreamRequest, 'principal' | 'only' | 'rows' | 'grants'>;

/** What a caller holds at this moment, or `only` these channels of it. @throws BelfryError `forbidden` for one that they do not hold. */
export async function heldBy(
  { core }: Pick<Services, 'core'>,
  principal: Principal,
  only: string[] | undefined,
): Promise<Held> {
  if (principal.kind === 'service') return heldWith(principal, NO_ROWS, only);
  const rows = await core.memberships.rowsOf(principal, core.clock.now());
  return heldWith(await core.appAccess.asOf(principal, rows.invalidatedAt), rows, only);
}

function heldWith(principal: Principal, rows: Held['rows'], only: string[] | undefined): Held {
  const grants = narrowed(grantsOfPrincipal(principal, rows), only);
  return { principal, rows, grants, ...(only === undefined ? {} : { only }) };
}
