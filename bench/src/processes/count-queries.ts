// Loaded into Belfry and each of its threads where a scenario wants to know how often it asks its database.
import { createRequire } from 'node:module';
import { StatementSync } from 'node:sqlite';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

const NAME = 'belfry-bench-queries';
/** What only begins and ends what is asked together: not where the time is asked for with it. */
const FRAME = /^\s*(begin(?!.*;\s*select\b)|commit|rollback|savepoint|release|set)\b/i;

/** One counter for all threads: each thread that is started inherits it. */
const counter = shared();

function shared(): BigInt64Array {
  if (isMainThread) setEnvironmentData(NAME, new SharedArrayBuffer(8));
  return new BigInt64Array(getEnvironmentData(NAME) as unknown as SharedArrayBuffer);
}

/** Statements run so far, by all threads. */
function queries(): number {
  return Number(Atomics.load(counter, 0));
}

function count(text: string): void {
  if (!FRAME.test(text)) Atomics.add(counter, 0, 1n);
}

type Method = (this: { sourceSQL: string }, ...args: unknown[]) => unknown;

function countSqlite(): void {
  const statements = StatementSync.prototype as unknown as Record<string, Method>;
  for (const name of ['all', 'get', 'run', 'iterate']) {
    const original = statements[name] as Method;
    statements[name] = function counted(...args) {
      count(this.sourceSQL);
      return original.apply(this, args);
    };
  }
}

/** The driver is the store's own; where it has none there is nothing to count. */
function countPostgres(): void {
  const ofStore = createRequire(new URL('../../../packages/drivers/package.json', import.meta.url));
  const { Client } = ofStore('pg') as { Client: { prototype: { query: (...args: unknown[]) => unknown } } };
  const original = Client.prototype.query;
  Client.prototype.query = function counted(query: unknown, ...rest: unknown[]) {
    count(typeof query === 'string' ? query : ((query as { text?: string })?.text ?? ''));
    return original.call(this, query, ...rest);
  };
}

countSqlite();
if (isMainThread) {
  countPostgres();
  process.on('message', (wish) => {
    if (wish === 'queries') process.send?.({ queries: queries() });
  });
  process.channel?.unref();
}
