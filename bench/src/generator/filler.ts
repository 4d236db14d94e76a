import type { Address, Item, Wire } from '../peers/peer.ts';
import { Asker } from './asker.ts';

const BATCH = 1_000;
/** Batches on their way at the same time. */
const LANES = 4;

/** Publishes so many by batches, nobody listening. `item` says what the one of this number is. */
export async function fill(
  address: Address,
  { publishBatch }: Wire,
  count: number,
  item: (number: number) => Item,
): Promise<void> {
  if (publishBatch === undefined) throw new Error('This peer has no batches.');
  let next = 0;
  const lane = async () => {
    const asker = await Asker.open(address);
    try {
      while (next < count) {
        const from = next;
        next += BATCH;
        const size = Math.min(BATCH, count - from);
        await asker.ask(publishBatch(Array.from({ length: size }, (_, index) => item(from + index))));
      }
    } finally {
      asker.close();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
