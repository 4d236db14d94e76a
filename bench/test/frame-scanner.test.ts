import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameScanner, scanFrames } from '../src/generator/frame-scanner.ts';
import { numbered } from '../src/generator/sequence.ts';

const frame = (sequence: number) => `id: k3-${sequence}-x\ndata: {"title":"${numbered(sequence, 'Hello')}"}\n\n`;
const heartbeat = ': hb\nid: k3-1900-x\n\n';

/** Reads a stream that comes in pieces cut at these places. */
function read(scanner: FrameScanner, stream: string, cuts: readonly number[]): number[] {
  const bytes = Buffer.from(stream);
  const ends = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b).concat(bytes.length);
  const sequences: number[] = [];
  let rest: Buffer | null = null;
  let start = 0;
  for (const end of ends) {
    const piece = bytes.subarray(start, end);
    const scanned = scanner.scan(rest, piece, piece.length);
    sequences.push(...scanned.sequences);
    rest = scanned.rest;
    start = end;
  }
  expect(rest).toBeNull();
  return sequences;
}

describe('scanning frames', () => {
  it('finds each message number, in order, and passes over heartbeats', () => {
    expect(scanFrames(Buffer.from(frame(7) + heartbeat + frame(9))).sequences).toEqual([7, 9]);
  });

  it('keeps back a frame that has not ended', () => {
    const whole = frame(7) + frame(8);
    const { sequences, rest } = scanFrames(Buffer.from(whole.slice(0, -1)));
    expect(sequences).toEqual([7]);
    expect(rest?.toString()).toBe(frame(8).slice(0, -1));
  });

  it('passes over the sizes of HTTP chunks between frames', () => {
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    const { sequences } = scanFrames(Buffer.from(chunk(frame(1)) + chunk(frame(2))));
    expect(sequences).toEqual([1, 2]);
  });

  it('tells of a frame with two numbers, or with a broken one', () => {
    expect(() => scanFrames(Buffer.from(`${frame(1).trimEnd()}${frame(2)}`))).toThrow('two message numbers');
    expect(() => scanFrames(Buffer.from('data: seq=00000x\n\n'))).toThrow('broken message number');
  });

  it('finds all numbers of a frame that may bring several, as one of a run log does', () => {
    const twoLines = `${frame(1).trimEnd()}${frame(2)}`;
    expect(scanFrames(Buffer.from(twoLines + frame(3)), true).sequences).toEqual([1, 2, 3]);
    expect(scanFrames(Buffer.from(twoLines.slice(0, -1)), true).sequences).toEqual([]);
  });

  it('finds the same however the streams are cut, also in streams that differ', () => {
    const stream = fc.array(fc.oneof(fc.nat(9_999_999).map(frame), fc.constant(heartbeat)), { minLength: 1 });
    const cuts = fc.array(fc.nat(5_000), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(stream, { minLength: 1, maxLength: 3 }),
        fc.array(cuts, { maxLength: 12 }),
        (streams, ways) => {
          const scanner = new FrameScanner();
          for (const [index, way] of ways.entries()) {
            const text = (streams[index % streams.length] as string[]).join('');
            expect(read(scanner, text, way)).toEqual(scanFrames(Buffer.from(text)).sequences);
          }
        },
      ),
    );
  });

  it('does not take a piece for one it knows where a single byte differs, or what came before it', () => {
    const scanner = new FrameScanner();
    const read = Buffer.from(frame(11));
    expect(scanner.scan(null, read, read.length).sequences).toEqual([11]);
    // The generator reads every piece into the same buffer.
    read.set(Buffer.from(frame(12)));
    expect(scanner.scan(null, read, read.length).sequences).toEqual([12]);
    expect(scanner.scan(null, read, read.length).sequences).toEqual([12]);
    expect(scanner.scan(Buffer.from(': hb\n\n'), read, read.length).sequences).toEqual([12]);
    expect(() => scanner.scan(Buffer.from('data: seq=0000000001\n'), read, read.length)).toThrow('two message numbers');
  });
});
