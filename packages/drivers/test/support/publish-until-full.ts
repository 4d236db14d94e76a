import { setTimeout as sleep } from 'node:timers/promises';
import { draft } from '@belfry/contract-tests/samples';
import type { Store } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';

/** Publishes until the disk is full, then says whether the store is ready, until it is again. */
const [dir] = process.argv.slice(2);
const store = await openSqliteStore({ dir: dir as string });
const say = (line: string) => process.stdout.write(`${line}\n`);
const publish = (body: string) => store.commit('publish', { tenant: 'default', drafts: [draft({ body })] });

async function whyNot(work: Promise<unknown>): Promise<string | null> {
  return work.then(
    () => null,
    (error: { code: string; message: string }) => `${error.code} ${error.message}`,
  );
}

const whyNotReady = (of: Store) => whyNot(of.read('ping', {}));

say(`before ${await whyNotReady(store)}`);
for (;;) {
  const refused = await whyNot(publish('x'.repeat(4_000)));
  if (refused === null) continue;
  say(`refused ${refused}`);
  break;
}
// Nothing to do is no sign of health, and costs no room.
await store.commit('expire', { limit: 1 });
say(`full ${await whyNotReady(store)}`);
while ((await whyNotReady(store)) !== null) await sleep(20);
say(`after ${await whyNot(publish('x'))}`);
await store.close();
