import { pause } from '../pause.ts';
import { SqlSession } from './session.ts';

const RELAYED_MS = 20_000;

/** The application's own table. Its trigger publishes, as applications do it. */
const TABLES = `
create schema application;
create table application.orders (name text primary key, told text[]);
create function application.tell() returns trigger language plpgsql as $$
begin
  perform belfry.publish('default', new.told, 'torture.row', jsonb_build_object('marker', new.name || '.row'));
  return new;
end $$;
create trigger tell after insert on application.orders for each row when (new.told is not null)
  execute function application.tell();`;

export async function makeApplication(url: string): Promise<void> {
  await inSession(url, (session) => session.run(TABLES));
}

/** What is left when all is over. */
export interface Remains {
  /** Names of the orders that were committed. */
  orders: ReadonlySet<string>;
  /** Rows that no relay has taken. */
  waiting: number;
  /** What Belfry gave up, with its reason. */
  deadLetters: readonly string[];
}

export function readRemains(url: string): Promise<Remains> {
  return inSession(url, async (session) => {
    const orders = await session.run('select name from application.orders');
    const letters = await session.run('select body, reason from belfry.dead_letters');
    return {
      orders: new Set(orders.rows.map(({ name }) => name as string)),
      waiting: await countWaiting(session),
      deadLetters: letters.rows.map(({ body, reason }) => `${reason}: ${body}`),
    };
  });
}

/** What was committed by SQL gets its number a little later: waits until all of it has one, at most for a while. */
export async function untilRelayed(url: string): Promise<void> {
  const deadline = performance.now() + RELAYED_MS;
  while ((await inSession(url, countWaiting)) > 0 && performance.now() < deadline) await pause(100);
}

/** Committed by applications and not yet relayed. */
async function countWaiting(session: SqlSession): Promise<number> {
  const { rows } = await session.run('select count(*)::int as waiting from belfry.outbox');
  return rows[0].waiting as number;
}

async function inSession<Result>(url: string, work: (session: SqlSession) => Promise<Result>): Promise<Result> {
  const session = await SqlSession.open(url);
  if (session === null) throw new Error(`No connection to ${url}`);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
