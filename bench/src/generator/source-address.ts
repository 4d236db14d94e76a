/**
 * Linux has some 28,000 ports for connections from one address to another, and gives every second of them first. Once those
 * are taken it looks through all of them for each connection more, which then costs the generator milliseconds. Those that
 * were closed in the last minute count too: of the round before, and of the streams that a storm cut.
 */
const FROM_ONE = 500;

/** Where to connect from, as the so many-th: another of this machine's own addresses for each five hundred. */
export function sourceAddress(index: number): { localAddress?: string } {
  const address = Math.floor(index / FROM_ONE);
  return address === 0 ? {} : { localAddress: `127.0.0.${address + 1}` };
}
