import type { Principal } from '@belfry/core';
import type { RequestHead } from '../http/request.ts';

/**
 * Says who a request acts for, or null for nobody. The one place of authentication: an embedding app gives its own,
 * which reads its own session. Throwing a BelfryError `unauthenticated` says why.
 */
export type PrincipalResolver = (request: Request) => Promise<Principal | null> | Principal | null;

/** One that needs no web Request, which costs more to make than all else that it does. */
export type HeadResolver = (request: RequestHead) => Promise<Principal | null> | Principal | null;

/**
 * The app may give the same object again and change it in between, as with a session that it keeps in memory. Who a stream
 * is for, and what follows from that, is remembered by the object: so each request gets one of its own.
 */
export function answeredAnew(resolve: PrincipalResolver): PrincipalResolver {
  return async (request) => {
    const found = await resolve(request);
    if (found?.kind !== 'person') return found;
    return { ...found, roles: found.roles.slice(), channels: found.channels.slice() };
  };
}
