import type { ClosingFrame } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import type { NewWorld } from './support/worlds.ts';

/** Heartbeats and planned closes, on a server with a short heartbeat and lifetime. */
export function streamLifeContract(newWorld: NewWorld): void {
  describe('a stream’s life', () => {
    it('beats with a comment and an id-only block: how far it has been served', async () => {
      const world = newWorld();
      const stream = await (await (await world.person('ada')).stream()).live();
      const { cursor } = await world.send('user:ben');
      await stream.block(
        ({ comment, id, data }) => comment === 'hb' && id === cursor && data === undefined,
        'a heartbeat',
      );
      expect(stream.seen).toEqual([]);
      await stream.close();
    });

    it('closes planned with a jittered retry, and resumes without a hole', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const first = await (await ada.stream()).live();
      const closing = await first.frame<ClosingFrame>('closing');
      expect(closing.reason).toBe('lifetime');
      expect(closing.retryMs).toBeGreaterThan(0);
      await first.end();
      const last = first.blocks.at(-1);
      expect(last).toMatchObject({ event: 'closing', retry: String(closing.retryMs) });
      const { cursor } = await world.send('user:ada');
      const back = await ada.stream('', { headers: { 'last-event-id': first.lastId } });
      expect(await back.frame('connected')).toMatchObject({ resumed: true });
      // Another process may hear of it a moment after it has called the stream live.
      expect((await back.messages(1)).map(({ id }) => id)).toEqual([cursor]);
      await back.close();
    });
  });
}
