import { createParser, type EventSourceMessage } from 'eventsource-parser';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSse, type SseFrame, safeText } from '../src/index.ts';

/** What an independent parser reads from a stream of these bytes, cut into pieces of `cut` bytes. */
function parsed(text: string, cut = 7) {
  const messages: EventSourceMessage[] = [];
  const comments: string[] = [];
  const retries: number[] = [];
  const errors: unknown[] = [];
  const parser = createParser({
    onEvent: (message) => messages.push(message),
    onComment: (comment) => comments.push(comment),
    onRetry: (retry) => retries.push(retry),
    onError: (error) => errors.push(error),
  });
  const bytes = Buffer.from(text);
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length; at += cut) {
    parser.feed(decoder.decode(bytes.subarray(at, at + cut), { stream: true }));
  }
  return { messages, comments, retries, errors };
}

/** Any text: whole planes of Unicode, and much of what breaks encoders. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      '\0',
      '\ud800',
      '\udfff',
      '\ufeff',
      '\u2028',
      ':',
      ' ',
      'data: ',
      'id: 1',
      'a',
    ),
  }),
);

/** A stream has one kind of line break, and no text that UTF-8 can't hold. */
function asReceived(text: string): string {
  return safeText(text).replace(/\r\n|\r/g, '\n');
}

describe('encoding a frame', () => {
  it('brings any data back as it was, but for line breaks and what UTF-8 can not hold', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 9 }), (data, cut) => {
        const { messages, errors } = parsed(encodeSse({ id: 'k3-1-a', data }), cut);
        expect(messages).toEqual([{ id: 'k3-1-a', event: undefined, data: asReceived(data) }]);
        expect(errors).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never lets the text of one frame reach into the next, or make a field of its own', () => {
    const frame = fc.record<SseFrame>(
      { comment: nasty, data: nasty, event: fc.constantFrom('state', 'live'), id: fc.constantFrom('k3-1-a', 'k3-2-b') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
        const { messages, errors } = parsed(frames.map(encodeSse).join(''));
        const withData = frames.filter((one) => one.data !== undefined);
        expect(messages.map(({ event, data }) => ({ event, data }))).toEqual(
          withData.map(({ event, data }) => ({ event, data: asReceived(data as string) })),
        );
        expect(errors).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a comment a comment', () => {
    fc.assert(
      fc.property(nasty, (comment) => {
        const { messages, comments, retries } = parsed(encodeSse({ comment }));
        expect(messages).toEqual([]);
        expect(retries).toEqual([]);
        expect(comments).toEqual(asReceived(comment).split('\n'));
      }),
    );
  });

  it('dispatches a message with empty data', () => {
    expect(parsed(encodeSse({ data: '' })).messages).toEqual([{ id: undefined, event: undefined, data: '' }]);
  });

  it('keeps the spaces that data begins and ends with, and a byte order mark', () => {
    expect(parsed(encodeSse({ data: '  a  ' })).messages[0]?.data).toBe('  a  ');
    expect(parsed(encodeSse({ data: '\ufeffa\n\ufeffb' })).messages[0]?.data).toBe('\ufeffa\n\ufeffb');
  });

  it('refuses CR, LF and NUL in an id or an event name', () => {
    for (const bad of ['a\rb', 'a\nb', 'a\r\nb', 'a\0b', '\n', '\0']) {
      expect(() => encodeSse({ id: bad })).toThrow(TypeError);
      expect(() => encodeSse({ event: bad, data: '' })).toThrow(TypeError);
    }
  });

  it('writes retry as whole milliseconds, none below zero', () => {
    expect(parsed(encodeSse({ retry: 819.6 })).retries).toEqual([820]);
    expect(parsed(encodeSse({ retry: -5 })).retries).toEqual([0]);
  });

  it('makes an id-only block that dispatches nothing', () => {
    expect(encodeSse({ comment: 'hb', id: 'k3-1900-a' })).toBe(': hb\nid: k3-1900-a\n\n');
    expect(parsed(encodeSse({ comment: 'hb', id: 'k3-1900-a' })).messages).toEqual([]);
  });
});

describe('safe text', () => {
  it('is well formed, holds no NUL, keeps its length, and is its own safe text', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const safe = safeText(text);
        expect(safe.isWellFormed()).toBe(true);
        expect(safe).not.toContain('\0');
        expect(safe).toHaveLength(text.length);
        expect(safeText(safe)).toBe(safe);
      }),
    );
  });
});
