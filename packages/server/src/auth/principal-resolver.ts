import type { Principal } from '@belfry/core';
import type { RequestHead } from '../http/request.ts';

/**
 * Says who a request acts for, or null for nobody. The one place of authentication: an embedding app gives its own,
 * which reads its own session. Throwing a BelfryError `unauthenticated` says why.
 */
export type PrincipalResolver = (request: Request) => Promise<Principal | null> | Principal | null;

/** One that needs no web Request, which costs more to make than all else that it does. */
export type HeadResolver = (request: RequestHead) => Promise<Principal | null> | Principal | null;
