import { draft } from '@belfry/contract-tests/samples';
import { openSqliteStore } from '@belfry/drivers/sqlite';

/** Publishes with several in flight and says on stdout what was acknowledged, and why it stopped. */
const [dir, inFlight = '1'] = process.argv.slice(2);
const store = await openSqliteStore({ dir: dir as string });
process.stdout.write(`open ${store.epoch}\n`);

async function publishOn(): Promise<void> {
  for (;;) {
    const one = draft({ body: 'x'.repeat(1_000) });
    const { events } = await store.commit('publish', { tenant: 'default', drafts: [one] });
    process.stdout.write(`kept ${events[0]?.n} ${one.id}\n`);
  }
}

try {
  await Promise.all(Array.from({ length: Number(inFlight) }, publishOn));
} catch (error) {
  const { code, message } = error as { code: string; message: string };
  process.stdout.write(`stopped ${code} ${message}\n`);
}
await store.close();
