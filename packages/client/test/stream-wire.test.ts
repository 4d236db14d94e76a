import { encodeSse } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame } from '../src/frame-parser.ts';
import { readFrames } from '../src/frames.ts';
import { Reader } from './support/reader.ts';
import { cursor, startServer } from './support/scripted-server.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function parse(pieces: Uint8Array[]): Promise<Frame[]> {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const frames: Frame[] = [];
  await readFrames(body, 1_000_000, { onFrame: (frame) => frames.push(frame), onRetry: () => {}, onBytes: () => {} });
  return frames;
}

test('however a stream is cut into pieces, its blocks are the same', async () => {
  const block = fc.record({
    event: fc.constantFrom('message', 'state', 'id'),
    id: fc.option(fc.nat({ max: 9_999 }).map((n) => cursor(n))),
    data: fc.string({ unit: 'grapheme' }),
  });
  const wanted = ({ event, id, data }: { event: string; id: string | null; data: string }): Frame[] => {
    if (event !== 'id') return [{ event, id, data }];
    return id === null ? [] : [{ event, id, data: null }];
  };
  await fc.assert(
    fc.asyncProperty(fc.array(block), fc.array(fc.nat()), async (blocks, cuts) => {
      const clean = blocks.map((one) => ({ ...one, data: one.data.replace(/[\r\n\0]/g, '') }));
      const text = clean.map(({ event, id, data }) => {
        const named = event === 'state' ? { event } : {};
        return encodeSse({
          ...named,
          ...(id === null ? {} : { id }),
          ...(event === 'id' ? { comment: 'hb' } : { data }),
        });
      });
      const all = bytes(text.join(''));
      const edges = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length];
      const pieces = edges.slice(1).map((edge, at) => all.slice(edges[at], edge));
      expect(await parse(pieces)).toEqual(clean.flatMap(wanted));
    }),
  );
});

test('CRLF, a byte order mark and letters cut in half are read as they should', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first
    .open()
    .write(new Uint8Array([0xef, 0xbb]))
    .write(new Uint8Array([0xbf]));
  first.write(
    'event: connected\r\ndata: {"heartbeatMs":1000,"channels":[],"resumed":false,"access":"a","reason":"new"}\r\n\r',
  );
  first.write(`\nevent: live\r\nid: ${cursor(1)}\r\ndata: {}\r\n\r\n`);
  const event = bytes(`id: ${cursor(2)}\r\ndata: {"type":"a","data":{"n":2,"text":"Zürich 🚲"}}\r\n\r\n`);
  for (const byte of event) first.write(new Uint8Array([byte]));
  await reader.reaches(2);
  expect(reader.events[0]?.data).toEqual({ n: 2, text: 'Zürich 🚲' });
});

test('blocks that are not as Belfry writes them are reported and left out, and the stream goes on', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10);
  first.write('data: {"type":\n\n').write('data: [1]\n\n').write('data: null\n\n').write('event: state\ndata: {}\n\n');
  first.write('event: closing\ndata: soon\n\n').write('event: unheard-of\ndata: x\n\n').write('nonsense\n\n');
  first.write(': \0\u0001\n').write('id: not a cursor\n\n').message(11);
  await reader.reaches(11);
  expect(reader.errors.map(({ code }) => code)).toEqual(Array(5).fill('internal'));
  expect(reader.status.value).toBe('live');
  expect(reader.numbers).toEqual([11]);
});

test('half a block at the end of a body is not handed over', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first
    .connect()
    .state(10)
    .live(10)
    .write(`id: ${cursor(11)}\ndata: {"type":"a","data":{"n":11}}\n`);
  await reader.is('live');
  first.end();
  await reader.backsOff();
  reader.environment.runNext();
  const second = await server.next();
  expect(second.header('last-event-id')).toBe(cursor(10));
  second.connect({ resumed: true, reason: null }).message(11).live(11);
  await reader.is('live');
  expect(reader.numbers).toEqual([11]);
});

test('a block beyond the limit ends the connection instead of filling the memory', async () => {
  const server = await startServer();
  const reader = new Reader(server, { maxFrameLength: 1_000 });
  const first = await server.next();
  first.connect().state(10).live(10);
  await reader.is('live');
  first.write(`data: ${'x'.repeat(2_000)}`);
  await reader.is('reconnecting');
  await first.closed;
  expect(reader.errors).toHaveLength(1);
});

test('a handler of the app that throws costs nobody an event', async () => {
  const server = await startServer();
  const thrown = new Error('in the app');
  const reader = new Reader(server, {
    onState: () => {
      throw thrown;
    },
  });
  (await server.next()).connect().state(10).live(10).message(11);
  await reader.reaches(11);
  expect(reader.numbers).toEqual([11]);
  expect(reader.environment.reported).toEqual([thrown]);
});

test('stopped by a handler, it hands over nothing more of what had already come', async () => {
  const server = await startServer();
  const numbers: number[] = [];
  const reader: Reader = new Reader(server, {
    onEvent: (event) => {
      numbers.push((event.data as { n: number }).n);
      reader.stream.stop();
    },
  });
  const first = await server.next();
  first.connect();
  await reader.sees(() => reader.frames.length === 1);
  const event = (n: number): string => `id: ${cursor(n)}\ndata: {"type":"a","data":{"n":${n}}}\n\n`;
  first.write(event(1) + event(2) + event(3));
  await first.closed;
  expect(numbers).toEqual([1]);
  expect(reader.stream.cursor).toBe(cursor(1));
});

test('stopped by the frame hook, it does not hand over what that frame holds', async () => {
  const server = await startServer();
  const reader: Reader = new Reader(server, {
    onFrame: ({ event }) => event === 'message' && reader.stream.stop(),
  });
  const first = await server.next();
  first.connect().state(10).live(10).message(11);
  await first.closed;
  expect(reader.numbers).toEqual([]);
});

test('what is left of a connection that was replaced does not speak for the new one', async () => {
  const server = await startServer();
  const reader: Reader = new Reader(server, { onEvent: () => reader.environment.wake('online') });
  const first = await server.next();
  first.connect().state(10).live(10);
  await reader.is('live');
  const closing = 'event: closing\ndata: {"reason":"drain","retryMs":9}\n\n';
  first.write(`id: ${cursor(11)}\ndata: {"type":"a","data":{"n":11}}\n\n${closing}`);
  const second = await server.next();
  second.connect({ resumed: true, reason: null }).live(11);
  expect(await reader.is('live')).toMatchObject({ reason: 'online' });
});

test('a stream uses the fetch that it is given', async () => {
  const server = await startServer();
  const urls: string[] = [];
  const reader = new Reader(server, {
    fetch: (input, init) => {
      urls.push(String(input));
      return fetch(input, init);
    },
  });
  (await server.next()).connect({}).live(1);
  await reader.is('live');
  expect(urls).toEqual([`${server.url}/v1/stream`]);
});
