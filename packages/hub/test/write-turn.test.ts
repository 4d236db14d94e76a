import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameBatch } from '../src/frame-batch.ts';
import { type TurnWriter, WriteTurn } from '../src/write-turn.ts';

class Writer implements TurnWriter {
  batch: FrameBatch | null = null;
  readonly written: Uint8Array[] = [];

  writeBatch(bytes: Uint8Array): void {
    this.written.push(bytes);
  }

  get text(): string {
    return Buffer.concat(this.written).toString();
  }
}

const frame = (text: string): Uint8Array => Buffer.from(text);

describe('a batch of frames', () => {
  it('joins in order, whatever was added to its relatives', () => {
    const frames = ['a', 'bb', 'ccc', 'd'].map(frame);
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 3 }), { maxLength: 6 }), { maxLength: 6 }), (paths) => {
        const root = FrameBatch.root();
        const batches = paths.map((path) => path.reduce((batch, at) => batch.with(frames[at] as Uint8Array), root));
        for (const [at, path] of paths.entries()) {
          const text = path.map((one) => frames[one]?.toString()).join('');
          expect(Buffer.from((batches[at] as FrameBatch).bytes()).toString()).toBe(text);
          expect(batches[at]?.length).toBe(text.length);
        }
      }),
    );
  });

  it('is one object, joined once, for all who collected the same frames', () => {
    const [a, b] = [frame('a'), frame('b')];
    const root = FrameBatch.root();
    const one = root.with(a).with(b);
    expect(root.with(b).with(a)).not.toBe(one);
    expect(root.with(a).with(b)).toBe(one);
    expect(one.bytes()).toBe(one.bytes());
    expect(root.with(a).bytes()).toBe(a);
  });
});

describe('a turn', () => {
  it('ends in one write for each who collected, and none for the others', async () => {
    const writing = new WriteTurn();
    const writers = Array.from({ length: 3 }, () => new Writer());
    const [a, b] = [frame('a'), frame('b')];
    for (const one of [a, b]) for (const writer of writers.slice(0, 2)) writing.add(writer, one);
    expect(writers[0]?.written).toEqual([]);
    await turn();
    expect(writers.map(({ written }) => written.length)).toEqual([1, 1, 0]);
    expect(writers[0]?.written[0]).toBe(writers[1]?.written[0]);
    writing.add(writers[0] as Writer, a);
    await turn();
    expect(writers[0]?.text).toBe('aba');
  });

  it('lets one go ahead and keeps its order, with no empty write after', async () => {
    const writing = new WriteTurn();
    const writer = new Writer();
    writing.add(writer, frame('a'));
    writing.flushOne(writer);
    writing.flushOne(writer);
    expect(writer.text).toBe('a');
    writing.add(writer, frame('b'));
    await turn();
    expect(writer.text).toBe('ab');
    writing.add(writer, frame('c'));
    writing.flushOne(writer);
    await turn();
    expect(writer.written).toHaveLength(3);
  });

  it('writes to few before whoever waits for the same step goes on, once', async () => {
    const writing = new WriteTurn();
    const writers = Array.from({ length: 64 }, () => new Writer());
    const counts = () => new Set(writers.map(({ written }) => written.length));
    for (const text of ['a', 'b']) for (const writer of writers) writing.add(writer, frame(text));
    await Promise.resolve();
    expect(counts()).toEqual(new Set([1]));
    for (const text of ['c', 'd']) {
      for (const writer of writers) writing.add(writer, frame(text));
      await Promise.resolve();
    }
    expect(counts()).toEqual(new Set([1]));
    await turn();
    expect(new Set(writers.map(({ text }) => text))).toEqual(new Set(['abcd']));
    expect(counts()).toEqual(new Set([2]));
  });

  it('writes to many when all else is done', async () => {
    const writing = new WriteTurn();
    const writers = Array.from({ length: 65 }, () => new Writer());
    for (const writer of writers) writing.add(writer, frame('a'));
    await Promise.resolve();
    expect(writers.filter(({ text }) => text !== '')).toEqual([]);
    await turn();
    expect(writers.filter(({ text }) => text !== 'a')).toEqual([]);
  });

  it('takes what is added while it ends into the next', async () => {
    const writing = new WriteTurn();
    const second = new Writer();
    const first: TurnWriter = { batch: null, writeBatch: () => writing.add(second, frame('late')) };
    writing.add(first, frame('a'));
    writing.add(second, frame('b'));
    await turn();
    await turn();
    expect(second.text).toBe('blate');
  });

  it('writes to many over several turns, and what comes meanwhile goes along with what is not written yet', async () => {
    const writing = new WriteTurn();
    const writers = Array.from({ length: 1_000 }, () => new Writer());
    const [a, b] = [frame('a'), frame('b')];
    for (const writer of writers) writing.add(writer, a);
    await turn();
    const early = writers.filter(({ written }) => written.length > 0);
    expect(early).toEqual(writers.slice(0, 250));
    for (const writer of writers) writing.add(writer, b);
    while (writers.some(({ batch }) => batch !== null)) await turn();
    expect(new Set(writers.map(({ text }) => text))).toEqual(new Set(['ab']));
    expect(writers.map(({ written }) => written.length)).toEqual([...Array(250).fill(2), ...Array(750).fill(1)]);
    expect(new Set(writers.slice(250).map(({ written }) => written[0])).size).toBe(1);
  });

  it('writes to few at a time where each gets much', async () => {
    const writing = new WriteTurn();
    const writers = Array.from({ length: 40 }, () => new Writer());
    for (const writer of writers) writing.add(writer, frame('x'.repeat(60_000)));
    const counts: number[] = [];
    while (writers.some(({ batch }) => batch !== null)) {
      await turn();
      counts.push(writers.filter(({ written }) => written.length > 0).length);
    }
    expect(counts).toEqual([18, 36, 40]);
  });

  it('writes what is small first, and of what is large so much at a time that others come in between', async () => {
    const writing = new WriteTurn();
    const order: string[] = [];
    const note = (name: string): TurnWriter => ({ batch: null, writeBatch: () => order.push(name) });
    const lines = frame('x'.repeat(400_000));
    for (const name of ['1', '2', '3', '4', '5', '6', '7']) writing.add(note(name), lines);
    writing.add(note('small'), frame('a'));
    await turn();
    expect(order).toEqual(['small', '1', '2', '3']);
    writing.add(note('another'), frame('b'));
    await turn();
    await turn();
    expect(order).toEqual(['small', '1', '2', '3', 'another', '4', '5', '6', '7']);
  });

  it('keeps the order of each who waits with a large batch: what comes meanwhile goes behind it', async () => {
    const writing = new WriteTurn();
    const writers = Array.from({ length: 6 }, () => new Writer());
    const large = frame('x'.repeat(600_000));
    for (const writer of writers) writing.add(writer, large);
    await turn();
    expect(writers.map(({ written }) => written.length)).toEqual([1, 1, 0, 0, 0, 0]);
    for (const writer of writers) writing.add(writer, frame('y'));
    writing.flushOne(writers[5] as Writer);
    writing.add(writers[5] as Writer, frame('z'));
    for (let turns = 0; turns < 3; turns += 1) await turn();
    const whole = `${large.toString()}y`;
    for (const writer of writers.slice(0, 5)) expect(writer.text).toBe(whole);
    expect(writers[5]?.text).toBe(`${whole}z`);
    expect(writers.map(({ written }) => written.length)).toEqual([2, 2, 1, 1, 1, 2]);
    expect(writers.every(({ batch }) => batch === null)).toBe(true);
  });
});
