import type { Random } from '@belfry/contract-tests/random';

/** Everything a second. */
export interface Tenant {
  connections: number;
  /** Each to one person. */
  publishes: number;
  /** Each to all of the tenant. */
  broadcasts: number;
}

export interface World {
  connections: number;
  /** A second, over all tenants. */
  publishes: number;
  tenants: number;
  /** The nth largest tenant is as large as the first, divided by n to this power (Zipf's law). */
  tail: number;
}

/** What each tenant tells all of its people, a second: once in a minute. */
const BROADCASTS = 1 / 60;

/** Few are very large and most are very small. What they publish goes by their size. */
export function tenantsOf({ connections, publishes, tenants, tail }: World): Tenant[] {
  const weights = Array.from({ length: tenants }, (_, rank) => (rank + 1) ** -tail);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => {
    const share = weight / all;
    return { connections: connections * share, publishes: publishes * share, broadcasts: BROADCASTS };
  });
}

/**
 * Those whose log could not take what they publish, in so many parts that each can. This is what a change to Belfry
 * would have to bring: a tenant has one log today.
 */
export function split(tenants: readonly Tenant[], mostPublishes: number): { parts: Tenant[]; tooLarge: number } {
  let tooLarge = 0;
  const all = tenants.flatMap((tenant) => {
    const count = Math.ceil(tenant.publishes / mostPublishes);
    if (count <= 1) return [tenant];
    tooLarge += 1;
    const part = { ...tenant, connections: tenant.connections / count, publishes: tenant.publishes / count };
    return Array.from({ length: count }, () => part);
  });
  const parts = all.sort((one, other) => other.publishes - one.publishes);
  return { parts, tooLarge };
}

/** Of each cell's tenants so many are placed with care. */
const PLACED = 10;

/**
 * Each tenant belongs to one cell (a Postgres, a bus and some processes). The largest are placed where there is most
 * room; the others by chance, as a hash of their names would have it. They come with the largest first.
 */
export function intoCells(tenants: readonly Tenant[], cells: number, random: Random): Tenant[][] {
  const placed = Array.from({ length: cells }, () => ({ publishes: 0, tenants: [] as Tenant[] }));
  for (const [rank, tenant] of tenants.entries()) {
    const cell = rank < PLACED * cells ? emptiest(placed) : placed[random.int(0, cells - 1)];
    if (cell === undefined) continue;
    cell.publishes += tenant.publishes;
    cell.tenants.push(tenant);
  }
  return placed.map((cell) => cell.tenants);
}

function emptiest<Cell extends { publishes: number }>(cells: readonly Cell[]): Cell | undefined {
  return cells.reduce<Cell | undefined>(
    (least, cell) => (least === undefined || cell.publishes < least.publishes ? cell : least),
    undefined,
  );
}
