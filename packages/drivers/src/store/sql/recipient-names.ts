import { type Channel, channelKind } from '@belfry/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { ReadContext } from './context.ts';

/** Everyone named in `to`, and of its shared channels those who ever connected and held them when they last did. */
export async function namesAfter(
  context: ReadContext,
  log: number,
  to: readonly Channel[],
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    select person from (${sql.join(sourcesOf(context, log, to, after, limit), sql` union `)}) as names
    order by person limit ${limit}`.execute(context.db);
  return rows.map(({ person }) => person);
}

function sourcesOf(
  { dialect }: ReadContext,
  log: number,
  to: readonly Channel[],
  after: string,
  limit: number,
): RawBuilder<unknown>[] {
  const users = to.filter((channel) => channelKind(channel) === 'user').map((channel) => channel.slice('user:'.length));
  const shared = to.filter((channel) => channel !== 'all' && channelKind(channel) !== 'user').flatMap(givers);
  const sources = shared.map(
    (channel) => sql`select person from (select person from people_channels
      where log = ${log} and channel = ${channel} and person > ${after} order by person limit ${limit}) as p`,
  );
  if (to.includes('all')) {
    sources.push(sql`select person from (select person from people
      where log = ${log} and person > ${after} order by person limit ${limit}) as p`);
  }
  sources.push(sql`select t.value as person from ${dialect.texts(users.filter((user) => user > after))}`);
  return sources;
}

/** The channel, and every prefix that gives it: few of them are in use, and each is one look into the index. */
function givers(channel: Channel): string[] {
  if (!channel.startsWith('topic:')) return [channel];
  const prefixes = Array.from(
    { length: channel.length - 'topic:'.length + 1 },
    (_, cut) => `${channel.slice(0, 'topic:'.length + cut)}*`,
  );
  return [channel, ...prefixes];
}
