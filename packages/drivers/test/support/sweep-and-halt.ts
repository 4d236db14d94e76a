import { createCore, DEFAULT_RETENTION, type Store } from '@belfry/core';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { openSqliteStore } from '@belfry/drivers/sqlite';

/**
 * Sweeps as a server does, and says on stdout which step of which work it begins. It goes no further than that step, so
 * that whoever kills it there finds work left over.
 */
const [place = '', retention = '{}', work, last] = process.argv.slice(2);
const store = await (place.startsWith('postgres:')
  ? openPostgresStore({ url: place })
  : openSqliteStore({ dir: place }));
let begun = 0;

const commit: Store['commit'] = async (name, ...rest) => {
  if (name !== work) return store.commit(name, ...rest);
  begun += 1;
  process.stdout.write(`begins ${begun}\n`);
  const committed = await store.commit(name, ...rest);
  return begun < Number(last) ? committed : new Promise(() => {});
};

const halting = new Proxy(store, {
  get: (target, key) => {
    if (key === 'commit') return commit;
    const value = Reflect.get(target, key, target);
    return typeof value === 'function' ? value.bind(target) : value;
  },
});
createCore({
  store: halting,
  announce: () => {},
  retention: { ...DEFAULT_RETENTION, ...JSON.parse(retention) },
}).sweeper.start();
