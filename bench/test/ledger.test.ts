import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Ledger } from '../src/generator/ledger.ts';

describe('the ledger of messages', () => {
  let ledger: Ledger;
  const done = vi.fn();

  beforeEach(() => {
    ledger = new Ledger(3);
    done.mockClear();
  });

  it('has a message complete when each of those it is for has it', () => {
    const sequence = ledger.open('all', 0, done);
    ledger.receive(0, sequence, 1);
    ledger.receive(1, sequence, 1);
    expect([done.mock.calls.length, ledger.missing]).toEqual([0, 1]);
    ledger.receive(2, sequence, 2);
    expect([done.mock.calls.length, ledger.missing]).toEqual([1, 0]);
    expect(ledger.times.max).toBe(2_000);
  });

  it('counts what comes twice to the same one, and does not take it for another delivery', () => {
    const sequence = ledger.open('all', 0, done);
    for (const subscriber of [0, 0, 1]) ledger.receive(subscriber, sequence, 1);
    expect(ledger.tally).toMatchObject({ deliveries: 2, doubled: 1 });
    expect(ledger.missing).toBe(1);
  });

  it('counts what comes again after its place was taken by a later message', () => {
    const first = ledger.open(0, 0, done);
    ledger.receive(0, first, 1);
    for (let count = 0; count < 1_024; count += 1) ledger.receive(0, ledger.open(0, 1, done), 2);
    ledger.receive(0, first, 3);
    expect(ledger.tally.doubled).toBe(1);
  });

  it('counts what comes to one it was not for', () => {
    const sequence = ledger.open(1, 0, done);
    ledger.receive(2, sequence, 1);
    expect(ledger.tally).toMatchObject({ deliveries: 0, strays: 1 });
    expect(ledger.missing).toBe(1);
  });

  it('gives no place twice while a message is under way', () => {
    const stuck = ledger.open(0, 0, done);
    const later = Array.from({ length: 3_000 }, () => {
      const sequence = ledger.open(1, 1, done);
      ledger.receive(1, sequence, 2);
      return sequence;
    });
    expect(later.every((sequence) => sequence % 1_024 !== stuck % 1_024)).toBe(true);
    ledger.receive(0, stuck, 3);
    expect([ledger.missing, ledger.tally.strays]).toEqual([0, 0]);
  });
});
