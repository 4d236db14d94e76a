import { getHeapStatistics } from 'node:v8';
import { afterEach, describe, expect, it, vi } from 'vitest';

describe('giving memory back', () => {
  afterEach(() => {
    vi.doUnmock('node:vm');
    vi.resetModules();
  });

  it('leaves this thread with less of the machine’s', async () => {
    const { giveBackMemory } = await import('../src/give-back-memory.ts');
    let kept: object[] | undefined = Array.from({ length: 400_000 }, (_, number) => ({ number }));
    const grown = getHeapStatistics().total_physical_size;
    expect(kept.length).toBe(400_000);
    kept = undefined;
    giveBackMemory();
    expect(grown - getHeapStatistics().total_physical_size).toBeGreaterThan(5_000_000);
  });

  it('does nothing where V8 shows no collector', async () => {
    vi.doMock('node:vm', () => ({ runInNewContext: () => undefined }));
    const { giveBackMemory } = await import('../src/give-back-memory.ts');
    expect(giveBackMemory).not.toThrow();
  });
});
