import { grantsHash, type Reader } from '@belfry/core';
import { type Channel, type Grants, userChannel } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { holdsSql } from '../access/channels.ts';
import type { ReadContext } from '../context.ts';
import { firstSince } from '../log/first-since.ts';

export const PAST_ALL = Number.MAX_SAFE_INTEGER;

/** A person as one of their devices is: what of theirs it can see, in numbers of one log. */
export interface Viewer {
  log: number;
  person: string;
  own: Channel;
  grants: Grants;
  /** Items on channels other than `own` count only from this number on. */
  sharedFrom: number;
}

export async function viewerOf(context: ReadContext, log: number, reader: Reader): Promise<Viewer> {
  return viewerFrom(log, reader, await firstSince(context, log, reader.since));
}

/** With the first item since that of the reader, as `firstSince` says it. */
export function viewerFrom(log: number, { user: person, grants }: Reader, first: number | null): Viewer {
  return { log, person, own: userChannel(person), grants, sharedFrom: first ?? PAST_ALL };
}

/** The hash of the grants, by which watermarks name them. Who has none needs none, and it costs more than to see that. */
export function scopeOf({ grants }: Pick<Viewer, 'grants'>): string {
  return grantsHash(grants);
}

/** Whether notification `i` can be seen with these grants: by name whatever its age, else from `sharedFrom` on. */
export function seesSql(
  context: ReadContext,
  { grants, own, sharedFrom }: Pick<Viewer, 'grants' | 'own' | 'sharedFrom'>,
): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select 1 from ${context.dialect.elements(sql.ref('i.recipients'))}
    where ${holdsSql(context, sql.ref('e.value'), grants)} and (e.value = ${own} or i.n >= ${sharedFrom}))`;
}
