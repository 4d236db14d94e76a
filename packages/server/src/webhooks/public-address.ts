import { BlockList, isIP } from 'node:net';

/** What of IPv4 is no address of the internet (RFC 6890 and its registry): this host, private, shared, link-local … */
const NOT_PUBLIC_4: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * Of IPv6 only 2000::/3 is given out, so everything else is refused: loopback, link-local, unique local, multicast, and
 * IPv4 in any wrapping (::ffff:0:0/96, 64:ff9b::/96). In it, these are tunnels to IPv4, and documentation.
 */
const GIVEN_OUT_6: [string, number] = ['2000::', 3];
const NOT_PUBLIC_6: [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const notPublic = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_4) notPublic.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of NOT_PUBLIC_6) notPublic.addSubnet(net, prefix, 'ipv6');
const givenOut = new BlockList();
givenOut.addSubnet(...GIVEN_OUT_6, 'ipv6');

/** Whether this is an address of the internet at large. False also for what is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, 'ipv4');
  // A zone, as in fe80::1%eth0, is for addresses of a link.
  if (family !== 6 || address.includes('%')) return false;
  return givenOut.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}
