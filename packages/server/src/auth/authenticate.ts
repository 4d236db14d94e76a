import type { Principal } from '@belfry/core';
import { BelfryError, isName, isTenant } from '@belfry/protocol';
import type { RequestHead } from '../http/request.ts';
import { soon } from '../http/soon.ts';
import { requireSameOrigin } from './same-origin.ts';

export type Authenticate<Asked extends RequestHead> = (request: Asked) => Promise<Principal> | Principal;

type Resolver<Asked> = (request: Asked) => Promise<Principal | null> | Principal | null;

/** Who a request acts for, or the error that refuses it: what both doors ask first. */
export function authenticator<Asked extends RequestHead>(
  resolve: Resolver<Asked>,
  corsOrigins: readonly string[],
): Authenticate<Asked> {
  return (request) =>
    soon(resolve(request), (found) => {
      if (found === null) {
        throw new BelfryError('unauthenticated', 'Sign in first: send a token as "Authorization: Bearer <token>".');
      }
      if (found.kind === 'person') requireSameOrigin(request, corsOrigins);
      return addressable(found);
    });
}

/** A mistake of an embedding app's resolver is told in its log: such a person could sign in and never be reached. */
function addressable(principal: Principal): Principal {
  const wrong = !isTenant(principal.tenant) || (principal.kind === 'person' && !isName(principal.user));
  if (!wrong) return principal;
  throw new Error('principal() gave a tenant or user that is no name: letters, digits and . _ ~ @ | + : / - only.');
}
