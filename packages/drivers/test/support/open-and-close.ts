import { draft } from '@belfry/contract-tests/samples';
import { openSqliteStore } from '@belfry/drivers/sqlite';

/** Ends by itself only if the store leaves no thread, timer or handle behind. */
const [dir] = process.argv.slice(2);
const store = await openSqliteStore({ dir: dir as string });
await store.commit('publish', { tenant: 'default', drafts: [draft()] });
await store.read('ping', {});
await store.close();
process.stdout.write(`left ${process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap')}\n`);
