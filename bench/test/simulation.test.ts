import { Random } from '@belfry/contract-tests/random';
import { describe, expect, test } from 'vitest';
import type { CaseResult } from '../src/report/results.ts';
import { type Costs, costsOf } from '../src/simulation/costs.ts';
import { loadOf } from '../src/simulation/load.ts';
import { sizeOf } from '../src/simulation/sizing.ts';
import { stormOf } from '../src/simulation/storm.ts';
import { intoCells, split, tenantsOf } from '../src/simulation/tenants.ts';

const WORLD = { connections: 100_000, publishes: 1_000, tenants: 500, tail: 1.1 };
const COSTS: Costs = {
  ...{ publish: 250, store: 60, hear: 100, deliver: 12, idle: 4, connect: 1_000, queriesPerConnect: 4 },
  ...{ logPerSecond: 15_000, kilobytes: 16, bytes: 600 },
};

describe('tenants of a world', () => {
  const tenants = tenantsOf(WORLD);

  test('have all of its streams and publishes between them, the first most', () => {
    const sum = (pick: (tenant: (typeof tenants)[number]) => number) =>
      tenants.reduce((all, tenant) => all + pick(tenant), 0);
    expect(sum(({ connections }) => connections)).toBeCloseTo(100_000, 5);
    expect(sum(({ publishes }) => publishes)).toBeCloseTo(1_000, 5);
    expect(tenants[0]?.connections).toBeCloseTo((tenants[1]?.connections ?? 0) * 2 ** 1.1, 5);
  });

  test('are split where one log could not take what they publish, and lose nothing by it', () => {
    const { parts, tooLarge } = split(tenants, 50);
    expect(tooLarge).toBeGreaterThan(0);
    expect(Math.max(...parts.map(({ publishes }) => publishes))).toBeLessThanOrEqual(50);
    expect(parts.reduce((all, { publishes }) => all + publishes, 0)).toBeCloseTo(1_000, 5);
  });

  test('are each in one cell', () => {
    const cells = intoCells(tenants, 7, new Random('cells'));
    expect(cells.flat()).toHaveLength(500);
    expect(new Set(cells.flat()).size).toBe(500);
  });
});

describe('a cell', () => {
  const one = { connections: 1, publishes: 10, broadcasts: 0 };

  test('brings what is for one stream to one of its processes', () => {
    expect(loadOf([one], 8, COSTS).heard).toBeCloseTo(10, 5);
  });

  test('brings what is for very many streams to all of its processes', () => {
    expect(loadOf([{ ...one, connections: 1_000_000 }], 8, COSTS).heard).toBeCloseTo(80, 5);
  });

  test('of a larger world has more, and none is busier than it may be', () => {
    const random = new Random('sizes');
    const small = sizeOf(WORLD, COSTS, random);
    const large = sizeOf({ ...WORLD, connections: 1_000_000, publishes: 10_000 }, COSTS, random);
    expect(large.processes).toBeGreaterThan(small.processes);
    for (const { busiest } of [small, large]) {
      expect(busiest.processCores).toBeLessThanOrEqual(0.6 * busiest.processes);
      // One may die.
      expect(busiest.processCores).toBeLessThanOrEqual(0.75 * (busiest.processes - 1));
    }
  });
});

test('a world with little to do is one cell of two processes, and not one for each tenant', () => {
  const { cells, processes } = sizeOf({ ...WORLD, connections: 1_000, publishes: 10 }, COSTS, new Random('little'));
  expect([cells, processes]).toEqual([1, 2]);
});

describe('a storm', () => {
  test('is over as soon as they have all tried where nobody has to wait', () => {
    const { all, refused } = stormOf({ streams: 1_000, perSecond: 1_000_000 }, new Random('calm'));
    expect(all).toBeLessThan(1.2);
    expect(refused).toBe(0);
  });

  test('takes no less than the servers need for it, turns some away, and ends', () => {
    const { all, refused } = stormOf({ streams: 10_000, perSecond: 100 }, new Random('storm'));
    expect(all).toBeGreaterThanOrEqual(99);
    expect(all).toBeLessThan(200);
    expect(refused).toBeGreaterThan(0);
  });

  test('goes the same way with the same seed', () => {
    const play = (seed: string) => stormOf({ streams: 10_000, perSecond: 100 }, new Random(seed));
    expect(play('same')).toEqual(play('same'));
    expect(play('same')).not.toEqual(play('other'));
  });
});

test('what Postgres did is worked out for the machine that was measured, whichever this is', () => {
  const peers = ['Belfry', 'Belfry-Postgres', 'Belfry-Redis'];
  const figures = {
    ...{
      machineBusy: 50,
      serverBusy: 60,
      generatorBusy: 20,
      requestsPerSecond: 1_000,
      cpuPerStored: 1,
      cpuFollowing: 1,
    },
    ...{ cpuPerDelivery: 1, idleCpu: 1, cpuPerConnect: 1, queriesPerConnect: 1, storedPerSecond: 1, connectionKb: 1 },
    frameBytes: 1,
  };
  const measuredWith = (cores: number) =>
    ['postgres-single', 'relay', 'broadcast', 'idle', 'connects', 'postgres-batch'].map(
      (name) =>
        ({
          run: { machine: [['CPU', `Some processor, ${cores} cores`]] },
          scenario: { name },
          settings: { inFlight: 1, connections: 100 },
          rounds: new Map(peers.map((peer) => [peer, [figures]])),
        }) as unknown as CaseResult,
    );
  expect(costsOf(measuredWith(2)).store).toBeCloseTo(200, 5);
  expect(costsOf(measuredWith(4)).store).toBeCloseTo(1_200, 5);
});

test('what was never measured is named with the command that measures it', () => {
  expect(() => costsOf([])).toThrow('npm run bench -- postgres-single');
});
