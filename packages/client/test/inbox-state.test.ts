import type { Notification } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyOf, emptyState, newestItems, putItem } from '../src/inbox/state.ts';

const notification = (id: string, n: number) => ({ id, cursor: `a-${n}-b` }) as Notification;
const change = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  n: fc.option(fc.integer({ min: 1, max: 9 })),
  looksFirst: fc.boolean(),
  onACopy: fc.boolean(),
});

test('the order that is kept is that of all items sorted, whatever was put in, replaced and taken out', () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      let state = emptyState();
      for (const { id, n, looksFirst, onACopy } of changes) {
        if (looksFirst) newestItems(state, () => true);
        if (onACopy) state = copyOf(state);
        // One item keeps its place in the log, whatever becomes of it.
        const place = state.items.get(id)?.cursor;
        const next =
          n === null ? null : place === undefined ? notification(id, n) : { ...notification(id, 0), cursor: place };
        putItem(state, id, next);
      }
      const sorted = newestItems({ ...state, newest: undefined }, () => true);
      expect(new Set(newestItems(state, () => true))).toEqual(new Set(sorted));
      expect(newestItems(state, () => true).map(({ cursor }) => cursor)).toEqual(sorted.map(({ cursor }) => cursor));
    }),
  );
});
