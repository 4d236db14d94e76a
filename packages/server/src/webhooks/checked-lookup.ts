import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';
import { type ResolveHost, resolveHost } from './resolve-host.ts';

/** The host has an address that nothing is sent to. */
export class PrivateAddress extends Error {}

/**
 * Finds a host's addresses for the connection that is made to them, and lets none through that is not public: between a
 * check and a second look a name could have changed. One that has both kinds is refused too.
 */
export function checkedLookup(resolve: ResolveHost = resolveHost): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (found) => {
        const [first] = found;
        const isPublic = found.every(({ address }) => isPublicAddress(address));
        if (first === undefined || !isPublic) done(new PrivateAddress('It is a private address.'), []);
        else if (options.all === true) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };
}
