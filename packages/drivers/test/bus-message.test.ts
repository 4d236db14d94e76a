import { event } from '@belfry/contract-tests/bus';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessages, newOrigin } from '../src/bus/message.ts';
import { decodeWakeUps, encodeWakeUps } from '../src/bus/postgres/wake-ups.ts';

const [mine, theirs] = [newOrigin(), newOrigin()];

describe('a message', () => {
  it('brings events as they were, or a wake-up for what is too large, in order and within the limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 250, max: 2_000 }),
        (texts, maxBytes) => {
          const events = texts.map((text, at) => event('t', at + 1, JSON.stringify(text)));
          const messages = encodeMessages(mine, events, maxBytes);
          expect(messages.reduce((sum, { count }) => sum + count, 0)).toBe(events.length);
          const numbers: number[] = [];
          for (const { bytes } of messages) {
            expect(bytes.length).toBeLessThanOrEqual(maxBytes);
            const content = decodeMessage(theirs, { tenant: 't' }, bytes);
            if (content === null) throw new Error('It could not be read.');
            if ('wake' in content) numbers.push(content.wake);
            else for (const got of content.events) expect(got).toEqual(events[got.n - 1]);
            if ('events' in content) numbers.push(...content.events.map(({ n }) => n));
          }
          expect(numbers).toEqual(events.map(({ n }) => n));
        },
      ),
    );
  });

  it('brings how far another log is to be first, where it says so, and no nonsense in its place', () => {
    const told = { ...event('t', 2), after: 7 };
    const decoded = (one: object) => {
      const [message] = encodeMessages(mine, [{ ...event('t', 2), ...one }], 10_000);
      return decodeMessage(theirs, { tenant: 't' }, message?.bytes as Buffer);
    };
    expect(decoded({ after: 7 })).toEqual({ events: [told] });
    expect(decoded({})).toEqual({ events: [event('t', 2)] });
    for (const after of ['7', 1.5, null]) expect(decoded({ after })).toBeNull();
  });

  it('is one for all events of a turn that fit', () => {
    const events = Array.from({ length: 500 }, (_, at) => event('t', at + 1));
    expect(encodeMessages(mine, events, 262_144)).toHaveLength(1);
  });

  it('is not read by whoever sent it', () => {
    const [message] = encodeMessages(mine, [event('t', 1)], 1_000);
    expect(decodeMessage(mine, { tenant: 't' }, message?.bytes as Buffer)).toBeNull();
  });

  it('of somebody else is passed over, whatever it holds', () => {
    const garbage = ['', 'x', '[]', '{}', 'null', '-1', '1.5', '1e99', '"a"', '[1]', '[{}]', '[{"n":1}]', '{"wake":1}'];
    for (const body of garbage.filter((text) => text !== '[]')) {
      expect(decodeMessage(mine, { tenant: 't' }, Buffer.from(theirs + body)), body).toBeNull();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(() => decodeMessage(mine, { tenant: 't' }, bytes)).not.toThrow();
      }),
    );
  });
});

describe('wake-ups', () => {
  it('fit into what Postgres takes, and come out as they went in', () => {
    const tenant = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~@|+:-]{0,199}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(tenant, fc.integer({ min: 1 })), { selector: ([name]) => name }), (pairs) => {
        const payloads = encodeWakeUps(mine, new Map(pairs));
        for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
        const out = payloads.flatMap((payload) => decodeWakeUps(theirs, payload));
        expect(out.sort()).toEqual([...pairs].sort());
        expect(payloads.flatMap((payload) => decodeWakeUps(mine, payload))).toEqual([]);
      }),
      { numRuns: 50 },
    );
    const many = new Map(Array.from({ length: 2_000 }, (_, at) => [`${'t'.repeat(190)}${at}`, at + 1]));
    const payloads = encodeWakeUps(mine, many);
    expect(payloads.flatMap((payload) => decodeWakeUps(theirs, payload))).toHaveLength(2_000);
    for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
  });

  it('of somebody else are passed over', () => {
    for (const body of ['', '{', 'null', '[]', '1', '{"t":"x"}', '{"t":-1}', '{"t":1.5}']) {
      expect(decodeWakeUps(mine, theirs + body), body).toEqual([]);
    }
  });
});
