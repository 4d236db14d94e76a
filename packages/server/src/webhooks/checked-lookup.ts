import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** The host has an address that nothing is sent to. */
export class PrivateAddress extends Error {}

type Resolve = (
  host: string,
  options: { all: true; family: number },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Finds a host's addresses for the connection that is made to them, and lets none through that is not public: between a
 * check and a second look a name could have changed. One that has both kinds is refused too.
 */
export function checkedLookup(resolve: Resolve = lookup as Resolve): LookupFunction {
  return (host, options, done) => {
    resolve(host, { all: true, family: familyOf(options.family) }, (error, addresses) => {
      if (error !== null) return void done(error as NodeJS.ErrnoException, []);
      const [first] = addresses;
      const isPublic = addresses.every(({ address }) => isPublicAddress(address));
      if (first === undefined || !isPublic) return void done(new PrivateAddress('It is a private address.'), []);
      if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

function familyOf(family: number | string | undefined): number {
  if (family === 'IPv4') return 4;
  return family === 'IPv6' ? 6 : Number(family ?? 0);
}
