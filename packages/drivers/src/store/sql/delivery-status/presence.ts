import { grantsHash, type PersonSeen } from '@belfry/core';
import type { Grants } from '@belfry/protocol';
import { sql } from 'kysely';
import type { WriteContext, WriteOp } from '../context.ts';
import { keepHeld } from './people-channels.ts';

/** Rows a statement: engines bound its parameters. */
const ROWS = 1_000;

/**
 * Takes no lock of a log: it changes nothing that a log's order decides. All come in one order, so that two processes
 * who write about the same people do not wait for each other in a circle.
 */
export const presence: WriteOp<'presence'> = async (context, { process, people, reached }) => {
  const tenants = [...new Set([...people, ...reached].map(({ tenant }) => tenant))].sort();
  for (const tenant of tenants) {
    const log = await logOf(context, tenant);
    const theirs = people.filter((one) => one.tenant === tenant).sort((a, b) => (a.user < b.user ? -1 : 1));
    for (let from = 0; from < theirs.length; from += ROWS) {
      await keepPeople(context, log, process, theirs.slice(from, from + ROWS));
    }
    const n = reached.find((one) => one.tenant === tenant)?.n;
    if (n !== undefined) await keepReached(context, log, process, n);
  }
  return null;
};

async function logOf({ db }: WriteContext, tenant: string): Promise<number> {
  const query = db.selectFrom('logs').select('id').where('tenant', '=', tenant);
  const known = await query.executeTakeFirst();
  if (known) return known.id;
  await db
    .insertInto('logs')
    .values({ tenant })
    .onConflict((conflict) => conflict.column('tenant').doNothing())
    .execute();
  return (await query.executeTakeFirstOrThrow()).id;
}

async function keepPeople(
  context: WriteContext,
  log: number,
  process: string,
  people: readonly PersonSeen[],
): Promise<void> {
  const changed = await changedGrants(context, log, people);
  await keepSent(
    context,
    log,
    people.filter(({ user, sent }) => sent > 0 && !changed.has(user)),
  );
  await keepGrants(
    context,
    log,
    people.filter(({ user }) => changed.has(user)),
    changed,
  );
  await keepOpen(context, log, process, people);
}

/** The grants of those who hold something else than what is known of them. */
async function changedGrants(
  { db, dialect }: WriteContext,
  log: number,
  people: readonly PersonSeen[],
): Promise<Map<string, Grants>> {
  const users = dialect.texts(people.map(({ user }) => user));
  const { rows } = await sql<{ person: string; scope: string }>`
    select p.person, p.scope from ${users}
    ${dialect.lookUp('people', 'p', sql`p.log = ${log} and p.person = t.value`)}`.execute(db);
  const known = new Map(rows.map(({ person, scope }) => [person, scope]));
  const given = people.flatMap(({ user, grants }) => (grants === null ? [] : [[user, grants] as const]));
  return new Map(given.filter(([user, grants]) => known.get(user) !== grantsHash(grants)));
}

/** Many streams that end together have been served as far: one statement for all of them. */
async function keepSent({ db, dialect }: WriteContext, log: number, people: readonly PersonSeen[]): Promise<void> {
  for (const [n, alike] of Map.groupBy(people, ({ sent }) => sent)) {
    const users = alike.map(({ user }) => user);
    const query = db.updateTable('people').set({ sent_n: n }).where('log', '=', log).where('sent_n', '<', n);
    await query.where(dialect.inTexts(sql`person`, users)).execute();
  }
}

async function keepGrants(
  context: WriteContext,
  log: number,
  people: readonly PersonSeen[],
  changed: ReadonlyMap<string, Grants>,
): Promise<void> {
  if (people.length === 0) return;
  const { db } = context;
  const rows = people.map(({ user, sent }) => {
    const grants = changed.get(user) as Grants;
    return { log, person: user, sent_n: sent, scope: grantsHash(grants) };
  });
  await db
    .insertInto('people')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['log', 'person']).doUpdateSet({
        scope: sql`excluded.scope`,
        sent_n: sql`case when excluded.sent_n > people.sent_n then excluded.sent_n else people.sent_n end`,
      }),
    )
    .execute();
  await keepHeld(context, log, changed);
}

async function keepOpen(
  { db, dialect }: WriteContext,
  log: number,
  process: string,
  people: readonly PersonSeen[],
): Promise<void> {
  const gone = people.filter(({ open }) => open === 0).map(({ user }) => user);
  const open = people.flatMap((one) => (one.open > 0 ? [one.user] : []));
  if (gone.length > 0) {
    const query = db.deleteFrom('streams').where('log', '=', log).where('process', '=', process);
    await query.where(dialect.inTexts(sql`person`, gone)).execute();
  }
  if (open.length === 0) return;
  // In a storm it is thousands: one parameter for all of them, and not three for each.
  await sql`
    insert into streams (log, person, process)
    select cast(${log} as integer), t.value, cast(${process} as text) from ${dialect.texts(open)} where 1 = 1
    on conflict (log, person, process) do nothing`.execute(db);
}

async function keepReached({ db, now }: WriteContext, log: number, process: string, n: number): Promise<void> {
  await db
    .insertInto('reached')
    .values({ log, process, n, at: now })
    .onConflict((conflict) => conflict.columns(['log', 'process']).doUpdateSet({ n, at: now }))
    .execute();
}
