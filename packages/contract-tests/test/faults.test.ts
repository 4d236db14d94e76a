// Starts what it needs by startPostgres, startRedis and startNats: which bus, the seed decides.
import { describe, expect, test } from 'vitest';
import { POSTGRES } from '../src/services/index.ts';
import type { Fault } from '../src/torture/check/fault.ts';
import { describe as tell } from '../src/torture/check/verdict.ts';
import { canStart, drawBus } from '../src/torture/cluster/bus-kind.ts';
import { chosenSeed, Random } from '../src/torture/random.ts';
import { faults } from '../src/torture/scenarios/faults.ts';
import type { Mistake } from '../src/torture/server/order.ts';

const seed = chosenSeed();

describe.skipIf(!canStart(POSTGRES))('several processes on one Postgres', { timeout: 180_000 }, () => {
  test('all that they are made of fails by turns: each reader has everything of theirs, once and in order', async () => {
    const random = new Random(seed);
    const bus = drawBus(random);
    const started = performance.now();
    const writers = { http: 4, sql: 4 };
    const lines: string[] = [];
    const onFault = (line: string) => lines.push(line);
    const options = {
      random,
      bus,
      nodes: 3,
      writers,
      granters: 2,
      askers: 2,
      reporters: 2,
      readers: 12,
      durationMs: 60_000,
      leastFaults: 20,
      onFault,
    };
    const { verdict, counts } = await faults(options);
    const kinds = [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ');
    console.log(`faults by ${bus}, BELFRY_SEED=${seed}: ${kinds}\n${tell(verdict)}`);

    expect(verdict.faults, `BELFRY_SEED=${seed} repeats it\n${lines.join('\n')}`).toEqual([]);
    expect(performance.now() - started).toBeGreaterThan(60_000);
    expect(lines.length).toBeGreaterThanOrEqual(20);
    expect(counts.size).toBeGreaterThanOrEqual(6);
    // How much of each there was hangs on the machine, that there was some on the seed.
    expect(verdict.resumes).toBeGreaterThan(0);
    expect(verdict.transactions).toBeGreaterThan(0);
    expect(verdict.changes).toBeGreaterThan(0);
    expect(verdict.questions).toBeGreaterThan(0);
    expect(verdict.lines).toBeGreaterThan(0);
    expect(verdict.losses).toBeGreaterThan(0);
    expect(verdict.openQuestions).toBeGreaterThan(0);
    expect(verdict.openRuns).toBeGreaterThan(0);
    expect(verdict.undone).toBeGreaterThan(0);
    // Transactions that stay open hold up nobody.
    expect(verdict.overtaking).toBeGreaterThan(0);
  });

  test('processes that drop, swap, repeat and misdeliver one event of a transaction, and let lines of a run overtake its loss, are caught at each', async () => {
    const caught = new Set(['lost', 'misordered', 'doubled', 'misdelivered', 'unentitled']);
    const mistakes: Mistake[] = ['drop', 'swap', 'repeat', 'misdeliver', 'overtake'];
    const quiet = {
      nodes: 2,
      writers: { http: 1, sql: 4 },
      granters: 0,
      askers: 0,
      reporters: 2,
      readers: 4,
      // At most: it ends when all are found.
      durationMs: 60_000,
      leastFaults: 0,
      isEnough: (found: readonly Fault[]) => [...caught].every((kind) => kindsIn(found).has(kind)),
    };
    const { verdict } = await faults({ ...quiet, random: new Random(seed), bus: 'postgres', mistakes });
    expect(kindsIn(verdict.faults), tell(verdict)).toEqual(caught);
  });
});

/** What is wrong with what the writers sent, and with what came to those who lost a run. */
function kindsIn(found: readonly Fault[]): Set<string> {
  return new Set(found.filter(({ who }) => /^writer|^one who lost/.test(who)).map(({ kind }) => kind));
}
