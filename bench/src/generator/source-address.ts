/**
 * Linux has some 28,000 ports for connections from one address to another, and gives every second of them first. Once those
 * are taken it looks through all of them for each connection more, which then costs the generator milliseconds.
 */
const FROM_ONE = 10_000;

/** Where to connect from, as the so many-th: another of this machine's own addresses for each ten thousand. */
export function sourceAddress(index: number): { localAddress?: string } {
  const address = Math.floor(index / FROM_ONE);
  return address === 0 ? {} : { localAddress: `127.0.0.${address + 1}` };
}
