import type { Cast } from './cast.ts';
import type { Ledger } from './ledger.ts';
import { pause } from './pause.ts';
import { type PostResult, post } from './post.ts';
import { drawPublish, type Publish } from './publish.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';

export interface Writing {
  /** The longest rest between two calls. Milliseconds. */
  restMs: number;
  /** How often a connection is cut under a call. */
  cutting: number;
}

/** Publishes one thing after the other until the signal, and writes down what became of each. */
export async function write(
  target: Target,
  writer: number,
  random: Random,
  { cast, ledger, writing }: { cast: Cast; ledger: Ledger; writing: Writing },
  signal: AbortSignal,
): Promise<void> {
  for (let count = 1; !signal.aborted; count += 1) {
    const publish = drawPublish(random, cast, `w${writer}-${count}`);
    const result = await send(target, publish, random, writing);
    ledger.add({ writer, markers: publish.markers, ...result });
    await pause(random.chance(0.3) ? 0 : random.int(0, writing.restMs), signal);
  }
}

/** With a key until it is answered, at most for a minute; without one, once. */
async function send(target: Target, publish: Publish, random: Random, { cutting }: Writing): Promise<PostResult> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const result = await post(target, publish, random.chance(cutting) ? random.int(0, 30) : null);
    if (result.outcome !== 'unknown' || publish.key === null || performance.now() > deadline) return result;
    await pause(random.int(0, 200));
  }
}
