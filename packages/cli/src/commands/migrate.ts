import { defineCommand } from 'citty';
import { databaseName, openStore } from '../engines.ts';
import { readSettings } from '../settings/settings.ts';
import { print } from '../terminal.ts';

export const migrate = defineCommand({
  meta: { name: 'migrate', description: 'Bring the database up to date. `serve` does so too when it starts.' },
  async run() {
    const settings = readSettings(process.env);
    const store = await openStore(settings);
    const { epoch } = store;
    await store.close();
    print(`The database (${databaseName(settings)}) is up to date, epoch ${epoch}.`);
  },
});
