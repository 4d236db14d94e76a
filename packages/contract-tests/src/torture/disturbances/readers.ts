import { pause } from '../pause.ts';
import type { GatedFetch } from '../readers/gated-fetch.ts';
import type { Draw } from './disturbance.ts';

/** It takes nothing off its socket, and then reads on. */
export const stopReading: Draw = ({ gates }, random) => {
  const at = random.int(0, gates.length - 1);
  const ms = random.int(1_000, 8_000);
  const gate = gates[at] as GatedFetch;
  return {
    at: `gate ${at}`,
    how: `a reader stops reading for ${ms} ms`,
    async run() {
      gate.stall();
      await pause(ms);
      gate.release();
    },
  };
};

/** Everyone who came through the front comes again at the same time. */
export const cutFront: Draw = ({ cluster }) => ({
  at: 'front',
  how: 'every connection through the front is cut',
  run: async () => cluster.front.cut(),
});
