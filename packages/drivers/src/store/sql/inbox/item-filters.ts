import type { Reader } from '@belfry/core';
import type { TypeFilter } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { isOfAllTypes, typeMatchesSql } from '../type-match.ts';
import type { Watermarks } from './watermarks.ts';

type Condition = RawBuilder<SqlBool>;

/** What lists of notification `i` can be narrowed by. */
export interface ItemFilters {
  types?: TypeFilter;
  severity?: readonly string[];
  subject?: { kind: string; id: string };
}

export function all(...conditions: Condition[]): Condition {
  return sql`(${sql.join(conditions, sql` and `)})`;
}

function liveSql(now: number): Condition {
  return sql`(i.expires_at is null or i.expires_at > ${now})`;
}

export function filtersSql(context: ReadContext, filters: ItemFilters): Condition {
  const conditions = [liveSql(context.now), typeMatchesSql(filters.types)];
  if (filters.severity) conditions.push(context.dialect.inTexts(sql.ref('i.severity'), filters.severity));
  if (filters.subject) {
    conditions.push(sql`(i.subject_kind = ${filters.subject.kind} and i.subject_id = ${filters.subject.id})`);
  }
  return all(...conditions);
}

/** The same for what is a reader's: their lists, counts and marks go by it. */
export function wantedSql(context: ReadContext, reader: Pick<Reader, 'types'>, filters: ItemFilters = {}): Condition {
  return all(filtersSql(context, filters), typeMatchesSql(reader.types));
}

/** Whether that leaves out nothing but what has expired. */
export function wantsAll(reader: Pick<Reader, 'types'>, { types, severity, subject }: ItemFilters): boolean {
  return isOfAllTypes(reader.types) && isOfAllTypes(types) && !severity && !subject;
}

/** Of rows `m` of a person. */
export const unreadRows = sql<boolean>`m.read_at is null and m.archived_at is null`;
export const unseenRows = sql<boolean>`m.seen_at is null and m.archived_at is null`;

/** Of notification `i` and the person's row `m`, which may be absent: then the watermarks decide. */
export const markedSql = {
  unread: (marks: Watermarks) => notYet(marks, ['read', 'archived'], unreadRows),
  unseen: (marks: Watermarks) => notYet(marks, ['seen', 'archived'], unseenRows),
  kept: (marks: Watermarks) => notYet(marks, ['archived'], sql`m.archived_at is null`),
  archived: (marks: Watermarks): Condition => sql`not ${notYet(marks, ['archived'], sql`m.archived_at is null`)}`,
  /** Whatever else it is: also archived items can be unread. */
  lacks: (marks: Watermarks, mark: 'seen' | 'read' | 'archived') =>
    notYet(marks, [mark], sql`${sql.ref(`m.${mark}_at`)} is null`),
};

function notYet(marks: Watermarks, kinds: ('seen' | 'read' | 'archived')[], byRow: Condition): Condition {
  return sql`(case when m.n is null then not ${marks.coversSql(kinds)} else (${byRow}) end)`;
}
