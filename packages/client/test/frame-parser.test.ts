import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, frameParser } from '../src/frame-parser.ts';

const LIMIT = 1_000;

interface Read {
  frames: Frame[];
  retries: number[];
}

function read(pieces: readonly string[], limit = LIMIT): Read {
  const told: Read = { frames: [], retries: [] };
  const parse = frameParser(limit, {
    onFrame: (frame) => told.frames.push(frame),
    onRetry: (ms) => told.retries.push(ms),
  });
  for (const piece of pieces) parse(piece);
  return told;
}

/** What the parser that half the world uses makes of it. It tells an id before the event of the same block. */
function readByOther(text: string): Read {
  const told: Read = { frames: [], retries: [] };
  const parser = createParser({
    onId: (id) => told.frames.push({ event: 'id', id, data: null }),
    onEvent: ({ event = 'message', id = null, data }) => {
      if (id !== null) told.frames.pop();
      told.frames.push({ event, id, data });
    },
    onRetry: (ms) => told.retries.push(ms),
  });
  parser.feed(text);
  return told;
}

const names = ['data', 'event', 'id', 'retry', 'Data', 'dat', 'data ', ''];
const values = ['', 'a', ' b', 'c: d', '0', '12', '1 2', '-3', '\0', 'e\0', '\uFEFF', '🔔'];
const line = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom(...values), fc.constantFrom(':', ': ', ':  ', ''))
  .map(([name, value, between]) => name + between + value);
const end = fc.constantFrom('\n', '\n', '\n\n', '\r', '\r\r', '\r\n', '\r\n\r\n', '\n\r', '');
const text = fc.array(fc.tuple(line, end), { maxLength: 20 }).map((parts) => parts.flat().join(''));

function cut(whole: string, cuts: readonly number[]): string[] {
  const edges = [0, ...cuts.map((at) => at % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return edges.slice(1).map((edge, at) => whole.slice(edges[at], edge));
}

test('it reads whatever comes, however it is cut, as another parser reads it whole', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), (whole, cuts) => {
      fc.pre(!whole.startsWith('\uFEFF'));
      expect(read(cut(whole, cuts))).toEqual(readByOther(whole));
    }),
    { numRuns: 2_000 },
  );
});

test('letter by letter is as all at once', () => {
  fc.assert(
    fc.property(text, (whole) => {
      expect(read([...whole])).toEqual(read([whole]));
    }),
  );
});

test.each([
  ['data of several lines is joined', 'data: a\ndata\ndata:b\n\n', { event: 'message', id: null, data: 'a\n\nb' }],
  ['of a space after the colon one goes', 'data:  a\n\n', { event: 'message', id: null, data: ' a' }],
  ['empty data is data', 'data\n\n', { event: 'message', id: null, data: '' }],
  ['an id that stands alone is told', ': hb\nid: 7\n\n', { event: 'id', id: '7', data: null }],
  ['a name without data is not', 'event: live\nid: 7\n\n', { event: 'id', id: '7', data: null }],
  ['an id with a NUL is no id', 'id: 7\nid: 8\0\ndata: a\n\n', { event: 'message', id: '7', data: 'a' }],
  ['the last name counts, an empty one is none', 'event: a\nevent\ndata\n\n', { event: 'message', id: null, data: '' }],
])('%s', (_, whole, frame) => {
  expect(read([whole]).frames).toEqual([frame]);
});

test('what a block said holds for no later one', () => {
  const { frames } = read(['event: a\nid: 1\ndata: x\n\ndata: y\n\n']);
  expect(frames[1]).toEqual({ event: 'message', id: null, data: 'y' });
});

test('a comment alone, and a block that has not ended, are no frame', () => {
  expect(read([': hb\n\n', ':\n\n', 'id: 1\ndata: a\n']).frames).toEqual([]);
});

test('a CR at the end of a piece ends its line at once, and an LF in the next is of the same end', () => {
  expect(read(['data: a\r\r']).frames).toHaveLength(1);
  expect(read(['data: a\r', '\ndata: b\r', '', '\n\r', '\n']).frames).toEqual([
    { event: 'message', id: null, data: 'a\nb' },
  ]);
});

test('a retry is digits and nothing else', () => {
  expect(read(['retry: 1500\nretry: 1e3\nretry: -1\nretry: 2 \nretry\n\n']).retries).toEqual([1_500]);
});

test.each([
  ['a line', 'x'],
  ['a line of data', `data: ${'x'.repeat(9)}`],
  ['many lines of data', 'data: x\n'],
])('%s that never ends is refused at the limit', (_, piece) => {
  expect(() => read(Array(200).fill(piece), 100)).toThrow('more than 100 characters');
});

test('within the limit a block may be as long as it likes, and any number of them may come', () => {
  const block = `data: ${'x'.repeat(80)}\n\n`;
  expect(read([block, block, block], 100).frames).toHaveLength(3);
});
