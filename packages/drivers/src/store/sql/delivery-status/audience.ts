import { type Channel, channelKind } from '@belfry/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { prefixesOver, taken } from './people-channels.ts';
import { type Span, within } from './span.ts';

/** Digits of a rank: the place of a channel in `to` times STEP, and the place of a rule among its, odd where it takes. */
const DIGITS = 5;
const STEP = 1_000;
/** So many rules are looked up person by person where the walk is over everybody anyway. */
const FEW = 8;

/** Who a notification is for, as rules with a rank in front: of those that concern a person the lowest decides. */
export interface Audience {
  log: number;
  to: readonly Channel[];
  /** Of its topics and roles: rows of `people_channels` that give one or take it back. Only those in use. */
  rules: string[];
  /** Who is named. */
  users: string[];
  /** The rank of `all`, where it is among them. */
  all: number | null;
}

export async function audienceOf(context: ReadContext, log: number, to: readonly Channel[]): Promise<Audience> {
  const isOfKind = (wanted: string) => (channel: Channel) => channelKind(channel) === wanted;
  const all = to.includes('all') ? rankOf(to, 'all') : null;
  const shared = to.filter((channel) => isOfKind('topic')(channel) || isOfKind('role')(channel));
  // Whoever has one of the later ones has it by `all` already.
  const deciding = shared.filter((channel) => all === null || rankOf(to, channel) < all);
  const rules = deciding.flatMap((channel) => rulesOf(channel, rankOf(to, channel)));
  const users = to.filter(isOfKind('user'));
  return {
    log,
    to,
    rules: await inUse(context, log, rules),
    users: users.map((channel) => ranked(rankOf(to, channel), channel.slice('user:'.length))),
    all,
  };
}

export function channelAt({ to }: Audience, place: number): Channel {
  return to[place] as Channel;
}

/** The place in `to` of the channel that a person has it by. */
export const PLACE = sql`(w.rank / ${sql.lit(STEP)})`;

function rankOf(to: readonly Channel[], channel: Channel): number {
  return to.indexOf(channel) * STEP;
}

function ranked(rank: number, subject: string): string {
  return `${String(rank).padStart(DIGITS, '0')}${subject}`;
}

/**
 * The channel itself, and every prefix above it, the longest first: what is more particular decides. Given by name it is
 * theirs whatever was taken; of a prefix that was given and taken back it is not.
 */
function rulesOf(channel: Channel, rank: number): string[] {
  const above = prefixesOver(channel).flatMap((prefix) => [taken(prefix), prefix]);
  return [channel, taken(channel), ...above].map((subject, index) => {
    const isGiving = !subject.startsWith(taken(''));
    return ranked(rank + 2 * index + (isGiving ? 0 : 1), subject);
  });
}

/** Few prefixes are. Each is one look into the index, though many of the channels lie under it. */
async function inUse({ db, dialect }: ReadContext, log: number, rules: string[]): Promise<string[]> {
  if (rules.length === 0) return [];
  const subjects = new Set(rules.map(subjectOf));
  const { rows } = await sql<{ subject: string }>`
    select t.value as subject from ${dialect.texts([...subjects])} where ${dialect.isThere(
      'people_channels',
      'c',
      sql`c.log = ${log} and c.channel = t.value`,
    )}`.execute(db);
  const used = new Set(rows.map(({ subject }) => subject));
  return rules.filter((rule) => used.has(subjectOf(rule)));
}

function subjectOf(rule: string): string {
  return rule.slice(DIGITS);
}

/** What a rule is about, and its rank. */
const SUBJECT = sql`substr(t.value, ${sql.lit(DIGITS + 1)})`;
const RANK = sql`cast(substr(t.value, 1, ${sql.lit(DIGITS)}) as integer)`;

/** A walk over everybody finds all, and a few looks at each tell what they have it by. */
function isOverAll({ rules, all }: Pick<Audience, 'rules' | 'all'>): boolean {
  return all !== null && rules.length <= FEW && rules.every(isGiving);
}

function isGiving(rule: string): boolean {
  return Number(rule.slice(0, DIGITS)) % 2 === 0;
}

/** How many lists of people are put together to one. */
export function widthOf(audience: Audience): number {
  return Math.max(1, listsOf(audience).length + (audience.all === null ? 0 : 1));
}

/** Those beside the list of everybody. */
function listsOf({ rules, all }: Audience): string[] {
  return isOverAll({ rules, all }) ? [] : rules.filter(isGiving);
}

/** A name with at most `count` people of each rule between `after` and it; null: all who are left are that few. */
export async function endOf(
  { db, dialect }: ReadContext,
  audience: Audience,
  after: string,
  count: number,
): Promise<string | null> {
  const { log, all } = audience;
  const offset = count - 1;
  const ends = [
    sql`select (select c.person from people_channels c where c.log = ${log} and c.channel = ${SUBJECT}
      and c.person > ${after} order by c.person limit 1 offset ${offset}) as person from ${dialect.texts(listsOf(audience))}`,
  ];
  if (all !== null) {
    ends.push(sql`select (select p.person from people p where p.log = ${log} and p.person > ${after}
      order by p.person limit 1 offset ${offset}) as person`);
  }
  const { rows } = await sql<{ end: string | null }>`
    select min(person) as "end" from (${sql.join(ends, sql` union all `)}) as ends`.execute(db);
  return rows[0]?.end ?? null;
}

/**
 * `select person, rank, sent_n` of those in the span: once each who is named, and of the shared channels who ever
 * connected and holds them, by the first channel of `to` that is theirs.
 */
export function whoSql(context: ReadContext, audience: Audience, span: Span): RawBuilder<unknown> {
  const { rules, all } = audience;
  const sources = sourcesOf(context, audience, span);
  const each = sql`(${sql.join(sources, sql` union all `)}) as each_rule`;
  if (!rules.every(isGiving)) {
    return sql`select person, min(rank) as rank, max(sent_n) as sent_n from (
        select person, min(rank) as rank, max(sent_n) as sent_n from ${each}
        group by person, rank / ${sql.lit(STEP)}) as decided
      where rank % 2 = 0 group by person`;
  }
  const isOnce = sources.length === 1 && (all !== null || rules.length <= 1);
  if (isOnce) return sql`${sources[0]}`;
  return sql`select person, min(rank) as rank, max(sent_n) as sent_n from ${each} group by person`;
}

function sourcesOf({ dialect }: ReadContext, { log, rules, users, all }: Audience, span: Span): RawBuilder<unknown>[] {
  const sources = [];
  const isAll = isOverAll({ rules, all });
  if (rules.length > 0 && !isAll) {
    const holds = sql`c.log = ${log} and c.channel = ${SUBJECT} and ${within('c.person', span)}`;
    sources.push(sql`select c.person, ${RANK} as rank, p.sent_n
      from ${dialect.texts(rules)} ${dialect.lookUp('people_channels', 'c', holds)}
      ${dialect.lookUp('people', 'p', sql`p.log = c.log and p.person = c.person`)}`);
  }
  if (all !== null) {
    sources.push(sql`select p.person, ${isAll ? firstOf(log, rules, all, span) : sql.lit(all)} as rank, p.sent_n
      from people p where p.log = ${log} and ${within('p.person', span)}`);
  }
  const named = users.filter((user) => subjectOf(user) > span.after && subjectOf(user) <= span.upTo);
  if (named.length > 0 || sources.length === 0) {
    const name = dialect.bytewise(SUBJECT);
    sources.push(sql`select ${name} as person, ${RANK} as rank, p.sent_n
      from ${dialect.texts(named)} left join people p on p.log = ${log} and p.person = ${name}`);
  }
  return sources;
}

/** Of person `p`, who has it by `all` if by nothing before. */
function firstOf(log: number, rules: readonly string[], all: number, span: Span): RawBuilder<unknown> {
  if (rules.length === 0) return sql.lit(all);
  const held = rules.map((rule) => {
    return sql`case when exists (select 1 from people_channels c
      where c.log = ${log} and c.channel = ${subjectOf(rule)} and c.person = p.person and ${within('c.person', span)})
      then ${sql.lit(Number(rule.slice(0, DIGITS)))} end`;
  });
  return sql`coalesce(${sql.join(held)}, ${sql.lit(all)})`;
}
