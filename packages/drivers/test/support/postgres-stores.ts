import type { Store } from '@belfry/core';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { dropDatabase, makeDatabase } from './postgres-server.ts';

/** Opens this many stores on one new database, as that many processes would, and removes it all afterwards. */
export async function withStores<Result>(
  adminUrl: string,
  count: number,
  use: (stores: Store[], url: string) => Promise<Result>,
  skew: () => number = () => 0,
): Promise<Result> {
  const url = await makeDatabase(adminUrl);
  const stores: Store[] = [];
  try {
    for (let i = 0; i < count; i += 1) stores.push(await openPostgresStore({ url, skew }));
    return await use(stores, url);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await dropDatabase(adminUrl, url);
  }
}
