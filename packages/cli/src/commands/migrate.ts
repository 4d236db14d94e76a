import { openSqliteStore } from '@belfry/drivers/sqlite';
import { defineCommand } from 'citty';
import { readSettings } from '../settings/settings.ts';
import { print } from '../terminal.ts';

export const migrate = defineCommand({
  meta: { name: 'migrate', description: 'Bring the database up to date. `serve` does so too when it starts.' },
  async run() {
    const { dataDir } = readSettings(process.env);
    const store = await openSqliteStore({ dir: dataDir });
    const { epoch } = store;
    await store.close();
    print(`The database in ${dataDir} is up to date (epoch ${epoch}).`);
  },
});
