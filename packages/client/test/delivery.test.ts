import type { ConnectedFrame, EventEnvelope, StateFrame } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Delivery, deliveryTo } from '../src/delivery.ts';
import { event } from './support/model-inbox.ts';
import { cursor } from './support/scripted-server.ts';

/** One connection: how far back the server starts too early, how many frames come before it breaks, and what kind. */
const connection = fc.record({
  published: fc.nat({ max: 8 }),
  overlap: fc.nat({ max: 6 }),
  frames: fc.nat({ max: 12 }),
  heartbeatEvery: fc.integer({ min: 1, max: 5 }),
  resumes: fc.boolean(),
  reachesState: fc.boolean(),
});

const connected = (resumed: boolean) =>
  ({
    resumed,
    reason: resumed ? null : 'expired',
    access: 'a',
    channels: [],
    heartbeatMs: 1,
  }) as unknown as ConnectedFrame;

const numberOf = (text: string | null): number => Number(text?.split('-')[1] ?? 0);

test('however connections break and repeat themselves, each event comes once and in order', () => {
  fc.assert(
    fc.property(fc.array(connection, { maxLength: 12 }), (connections) => {
      const got: number[] = [];
      const state = { covers: [] as [number, number][] };
      let delivery: Delivery;
      let head = 0;
      delivery = deliveryTo(
        {
          onEvent: (one: EventEnvelope) => got.push((one.data as { n: number }).n),
          onState: (_frame: StateFrame, at) => state.covers.push([got.at(-1) ?? 0, numberOf(at)]),
        },
        { cursor: null, access: null },
      );
      for (const { published, overlap, frames, heartbeatEvery, resumes, reachesState } of connections) {
        head += published;
        const from = delivery.from().cursor;
        const resumed = resumes && from !== null;
        delivery.connected(connected(resumed));
        let next = Math.max(0, numberOf(from) - overlap) + 1;
        if (!resumed) {
          if (!reachesState) continue;
          delivery.state({} as StateFrame, cursor(head));
          next = Math.max(0, head - overlap) + 1;
        }
        for (let sent = 0; sent < frames && next <= head; sent += 1, next += 1) {
          delivery.message(event('a', { n: next }), cursor(next));
          if (sent % heartbeatEvery === 0) delivery.heartbeat(cursor(next));
        }
      }
      for (let at = 1; at < got.length; at += 1) {
        const [before, after] = [got[at - 1] as number, got[at] as number];
        const covered = state.covers.some(([last, to]) => last === before && to === after - 1);
        expect(after === before + 1 || covered, `${before} then ${after}`).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});
