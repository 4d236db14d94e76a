import type { Principal } from '@belfry/core';

/**
 * Says who a request acts for, or null for nobody. The one place of authentication: an embedding app gives its own,
 * which reads its own session. Throwing a BelfryError `unauthenticated` says why.
 */
export type PrincipalResolver = (request: Request) => Promise<Principal | null> | Principal | null;
