import type { Cast } from './cast.ts';
import type { Ledger } from './ledger.ts';
import { pause } from './pause.ts';
import { HANGS_MS, type PostResult, post } from './post.ts';
import { drawPublish, type Publish } from './publish.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';

export type Targets = readonly [Target, ...Target[]];

export interface Writing {
  /** The longest rest between two calls. Milliseconds. */
  restMs: number;
  /** How often a connection is cut under a call. */
  cutting: number;
}

/** Publishes one thing after the other, anywhere, until the signal, and writes down what became of each. */
export async function write(
  targets: Targets,
  writer: number,
  random: Random,
  { cast, ledger, writing }: { cast: Cast; ledger: Ledger; writing: Writing },
  signal: AbortSignal,
): Promise<void> {
  for (let count = 1; !signal.aborted; count += 1) {
    const publish = drawPublish(random, cast, `w${writer}-${count}`);
    const result = await send(targets, publish, random, { ledger, cutting: writing.cutting });
    const { markers, addresses = [] } = publish;
    const { outcome, cursors, replayed } = result;
    ledger.add({ writer, markers, addresses, outcome, cursors, replayed });
    await pause(random.chance(0.3) ? 0 : random.int(0, writing.restMs), signal);
  }
}

/** With a key until it is answered, anywhere, at most for a minute; without one, once. */
export async function send(
  targets: Targets,
  publish: Publish,
  random: Random,
  { ledger, cutting }: { ledger: Ledger; cutting: number },
): Promise<PostResult> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const begun = performance.now();
    const result = await post(random.pick(targets), publish, random.chance(cutting) ? random.int(0, 30) : null);
    if (result.mistake !== undefined) ledger.complaints.push(`${publish.markers}: ${result.mistake}`);
    if (performance.now() - begun >= HANGS_MS) ledger.complaints.push(`${publish.markers} got no answer`);
    if (result.outcome !== 'unknown' || publish.key === null || performance.now() > deadline) return result;
    await pause(random.int(0, 200));
  }
}
