import type { LogEvent } from '@belfry/core';
import { describe, expect, it } from 'vitest';
import { LogEntry } from '../src/log-entry.ts';
import { RecentEntries, RING_BYTES, RingBudget } from '../src/recent-entries.ts';
import { isLines, LinesEntry } from '../src/run/lines-entry.ts';

const batch = (n: number, text = 'built'): LogEvent => {
  const [time, to] = ['2026-01-01T00:00:00.000Z', ['lines' as const]];
  const data = JSON.stringify({ lines: [{ n, time, level: 'info', text }] });
  return { tenant: 't', run: 'r', n, check: `c${n}`, type: 'run.log', time, to: to as unknown as LogEvent['to'], data };
};

describe('a batch of lines', () => {
  it.each(['built', 'größer', 'a\\n"b"', '日本語 🎉'])('is sent as any entry of the run would be: %s', (text) => {
    const [lines, other] = [new LinesEntry('e', batch(7, text)), new LogEntry('e', batch(7, text))];
    expect(Buffer.from(lines.frame()).toString()).toBe(Buffer.from(other.frame('all', 'person')).toString());
    expect(lines.id).toBe(other.id);
  });

  it('keeps one copy of itself, whoever reads it, and counts as large as that is and what is around it', () => {
    const lines = new LinesEntry('e', batch(7, 'x'.repeat(5_000)));
    expect(lines.frame()).toBe(lines.frame());
    expect(lines.bytes).toBe(lines.frame().length + 600);
    expect(JSON.stringify(lines.event).length).toBeLessThan(500);
  });

  it('is remembered with as many others as there is room for', () => {
    const recent = new RecentEntries(new RingBudget(RING_BYTES));
    const text = 'x'.repeat(60_000);
    const { bytes } = new LinesEntry('e', batch(1, text));
    for (let n = 1; n <= 200; n += 1) recent.push(new LinesEntry('e', batch(n, text)));
    expect(recent.oldest?.n).toBe(200 - Math.floor(RING_BYTES / bytes) + 1);
  });

  it('is of a run only: an app may call its own event so', () => {
    expect(isLines(batch(1))).toBe(true);
    const { run: _, ...ofTenant } = batch(1);
    expect(isLines(ofTenant)).toBe(false);
    expect(isLines({ ...batch(1), type: 'run.finished' })).toBe(false);
  });
});
