import { expect, it } from 'vitest';
import { LineQueue } from '../src/runs/line-queue.ts';
import { linesOf } from '../src/runs/lines.ts';

const textsOf = (body: string) => (JSON.parse(body) as { lines: { text: string }[] }).lines.map(({ text }) => text);

/** All that waits, batch by batch, as it would be sent. */
function drained(queue: LineQueue): string[] {
  const texts: string[] = [];
  while (!queue.isEmpty) texts.push(...textsOf(queue.take()));
  return texts;
}

it('keeps a bounded amount of what nobody awaits, and says in its place how much is missing', () => {
  const queue = new LineQueue();
  const now = new Date();
  const [long] = linesOf('x'.repeat(5_000), now);
  const added = 20_000;
  for (let n = 0; n < added; n += 1) queue.add([long as never]);
  const first = textsOf(queue.take());
  queue.add(linesOf('after', now));
  const texts = [...first, ...drained(queue)];
  const kept = texts.filter((text) => text.startsWith('x')).length;
  expect(kept * 5_000).toBeLessThan(64 * 1_048_576);
  expect(kept * 5_000).toBeGreaterThan(60 * 1_048_576);
  const missing = `${(added - kept).toLocaleString('en')} lines are missing here: they came faster than Belfry could take them.`;
  expect(texts.slice(kept)).toEqual([missing, 'after']);
});

it('says nothing of what is missing where nothing is', () => {
  const queue = new LineQueue();
  queue.add(linesOf('one\ntwo', new Date()));
  expect(drained(queue)).toEqual(['one', 'two']);
});
