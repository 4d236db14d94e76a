import { expect, it } from 'vitest';
import { FrameScanner } from '../src/generator/frame-scanner.ts';
import { maskedText, scanWebSocketFrames } from '../src/generator/websocket-frames.ts';

function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length]), payload]);
}

const message = (sequence: number, padding = '') =>
  frame(`42["notification",{"title":"seq=${String(sequence).padStart(10, '0')} Ada${padding}"}]`);

it('finds each message number in short and in long frames, and counts the pings', () => {
  const all = Buffer.concat([message(3), frame('2'), message(4, 'x'.repeat(300)), frame('42["ready"]')]);
  expect(scanWebSocketFrames(all)).toEqual({ sequences: [3, 4], rest: null, pings: 1 });
});

it('finds the same wherever the stream is cut', () => {
  const all = Buffer.concat([message(3, 'y'.repeat(200)), frame('2'), message(4)]);
  for (let cut = 1; cut < all.length; cut += 1) {
    const scanner = new FrameScanner(scanWebSocketFrames);
    const first = scanner.scan(null, all.subarray(0, cut), cut);
    const second = scanner.scan(first.rest, all.subarray(cut), all.length - cut);
    expect([...first.sequences, ...second.sequences]).toEqual([3, 4]);
    expect([second.rest, (first.pings ?? 0) + (second.pings ?? 0)]).toEqual([null, 1]);
  }
});

it('masks what it sends, as a client must', () => {
  expect(maskedText('40')).toEqual(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]));
});
