import { isMissing, POSTGRES } from '@belfry/contract-tests/services';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { describe, expect, test } from 'vitest';
import { anyServer, dropDatabase, makeDatabase, sqlOn } from './support/postgres-server.ts';

// The server is found or started as startPostgres does.
describe.skipIf(isMissing(POSTGRES))('a copy of a database', () => {
  test('has the same epoch and another place, so that a bus keeps the two apart', async () => {
    const server = await anyServer();
    const url = await makeDatabase(server.url);
    const places = [];
    for (let times = 0; times < 2; times += 1) {
      const store = await openPostgresStore({ url });
      places.push(store.place);
      await store.close();
    }
    expect(places[0]).toBe(places[1]);
    const name = new URL(url).pathname.slice(1);
    await sqlOn(server.url, `create database ${name}_copy template ${name}`);
    const copyUrl = Object.assign(new URL(url), { pathname: `/${name}_copy` }).href;
    const copy = await openPostgresStore({ url: copyUrl });
    expect(places[0]?.startsWith(copy.epoch)).toBe(true);
    expect(copy.place).not.toBe(places[0]);
    await copy.close();
    await dropDatabase(server.url, copyUrl);
    await dropDatabase(server.url, url);
    await server.dispose();
  });
});
