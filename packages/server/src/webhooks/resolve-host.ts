import { type LookupAddress, promises } from 'node:dns';

/** For one try at one server. The whole request has 10 s. */
const TRY_MS = 2_000;
const TRIES = 2;

/** What the system says about a host, or why it can say nothing. */
export type ResolveHost = (host: string) => Promise<LookupAddress[]>;

/**
 * Asks DNS itself, and not the system's own way to names: that one has two threads for the whole process, which a name
 * server that hangs would hold for as long as it likes. So what stands in a hosts file is not known here; as a rule it
 * names private addresses.
 */
export const resolveHost: ResolveHost = async (host) => {
  const resolver = new promises.Resolver({ timeout: TRY_MS, tries: TRIES });
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [...addressesIn(four, 4), ...addressesIn(six, 6)];
  if (found.length > 0) return found;
  throw Object.assign(new Error(`No address of ${host}.`), {
    code: isUnknown(four) && isUnknown(six) ? 'ENOTFOUND' : 'EAI_AGAIN',
  });
};

function addressesIn(answer: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] {
  return answer.status === 'rejected' ? [] : answer.value.map((address) => ({ address, family }));
}

/** The name servers have answered, and there is no such address. */
function isUnknown(answer: PromiseSettledResult<string[]>): boolean {
  return answer.status === 'fulfilled' || ['ENOTFOUND', 'ENODATA'].includes(answer.reason.code);
}
