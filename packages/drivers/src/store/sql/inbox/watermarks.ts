import { type Channel, EVERYTHING, type Grants, holds, matchesType, NOTHING } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import type { LogNumber } from '../log/position.ts';
import type { MarkTimes } from '../notifications/notification-row.ts';
import type { WatermarkRow } from '../schema.ts';
import { ALL_TYPES, typeMatchesSql } from '../type-match.ts';
import type { Floor } from './floor.ts';
import { scopeOf, seesSql, type Viewer } from './viewer.ts';
import { ANY_SCOPE, includes, parseGrants, spanOf, type Watermark } from './watermark-cover.ts';

export type WatermarkKind = WatermarkRow['mark'];

/** Read and archived imply seen, for watermarks as for single items. */
const IMPLIED_BY: Record<WatermarkKind, readonly WatermarkKind[]> = {
  seen: ['seen', 'read', 'archived'],
  read: ['read'],
  archived: ['archived'],
};

/** An item as watermarks look at it. */
export interface Coverable {
  n: number;
  type: string;
  recipients: readonly Channel[];
}

/**
 * A person's watermarks: what holds for the items that have no row of their own. Each marks what its maker could see,
 * which may be other channels than those of the reader at hand. Where it is all of theirs, a comparison of numbers says
 * whether an item is marked, and nothing below has to be looked at; else an item's recipients say it.
 */
export class Watermarks {
  /** Lowest first. */
  readonly rows: readonly Watermark[];
  readonly #by: { context: ReadContext; viewer: Viewer } | null;

  static async load(context: ReadContext, viewer: Viewer): Promise<Watermarks> {
    return Watermarks.from(context, viewer, await watermarkRows(context, viewer.log, [viewer.person]));
  }

  /** @param rows all of the person's, as `watermarkRows` gives them. */
  static async from(context: ReadContext, viewer: Viewer, rows: readonly WatermarkRow[]): Promise<Watermarks> {
    const grants = await grantsByScope(context, viewer, rows);
    const held = new Map([...grants].map(([scope, held]) => [scope, includes(held, viewer.grants)]));
    return new Watermarks(
      rows.map((row) => ({
        ...row,
        grants: grants.get(row.scope) ?? NOTHING,
        isWhole: held.get(row.scope) === true && row.shared_from <= viewer.sharedFrom,
      })),
      { context, viewer },
    );
  }

  constructor(rows: readonly Watermark[], by: { context: ReadContext; viewer: Viewer } | null = null) {
    this.rows = rows;
    this.#by = by;
  }

  /** When an item without a row was marked. */
  timesOf(item: Coverable): MarkTimes {
    return {
      seen: this.#timeOf('seen', item),
      read: this.#timeOf('read', item),
      archived: this.#timeOf('archived', item),
    };
  }

  #timeOf(kind: WatermarkKind, item: Coverable): number | null {
    const times = this.#of([kind])
      .filter((row) => this.#covers(row, item))
      .map((row) => row.at);
    return times.length === 0 ? null : Math.min(...times);
  }

  #covers(row: Watermark, { n, type, recipients }: Coverable): boolean {
    if (row.n < n || !matchesType([row.pattern], type)) return false;
    const own = this.#by?.viewer.own;
    return row.isWhole || recipients.some((to) => holds(row.grants, to) && (to === own || n >= row.shared_from));
  }

  /** Up to here every item is marked one of these ways, whatever its type, unless its own row says else. */
  floor(kinds: readonly WatermarkKind[], channels: readonly Channel[] | null): Floor {
    const ofAll = this.#of(kinds).filter((row) => row.pattern === ALL_TYPES);
    const whole = highest(ofAll.filter((row) => row.isWhole));
    const parts = highestBy(
      ofAll.filter((row) => !row.isWhole && row.n > whole),
      spanOf,
    );
    const byChannel = new Map<Channel, number>();
    for (const part of parts) {
      for (const channel of channels ?? []) {
        if (this.#reachesDown(part, channel)) byChannel.set(channel, Math.max(part.n, byChannel.get(channel) ?? 0));
      }
    }
    return { whole, byChannel };
  }

  /** Whether it marks all that the reader has by this channel. */
  #reachesDown(row: Watermark, channel: Channel): boolean {
    const viewer = this.#by?.viewer;
    if (viewer === undefined || !holds(row.grants, channel)) return false;
    return channel === viewer.own || row.shared_from <= viewer.sharedFrom;
  }

  /**
   * Up to here every item without a row is marked one of these ways, and none past it is. Null: numbers alone don't say
   * it, as some watermark is of certain types or was made with other grants.
   */
  reach(kinds: readonly WatermarkKind[]): number | null {
    const { whole } = this.floor(kinds, null);
    return this.#of(kinds).some((row) => row.n > whole) ? null : whole;
  }

  /** Past here no item without a row is marked so. */
  ceiling(kind: WatermarkKind): number {
    return highest(this.#of([kind]));
  }

  /** Whether item `i`, having no row, is marked one of these ways. */
  coversSql(kinds: readonly WatermarkKind[]): RawBuilder<SqlBool> {
    const { whole } = this.floor(kinds, null);
    const rows = this.#of(kinds).filter((row) => row.n >= whole);
    const tests = [];
    const wholes = rows.filter((row) => row.isWhole);
    if (wholes.length > 0) tests.push(reachedSql(wholes));
    const parts = rows.filter((row) => !row.isWhole && row.n > whole);
    for (const span of Map.groupBy(parts, spanOf).values()) {
      tests.push(sql`(${reachedSql(span)} and ${this.#seenBySql(span[0] as Watermark)})`);
    }
    return tests.length === 0 ? sql`1 = 0` : sql`(${sql.join(tests, sql` or `)})`;
  }

  #seenBySql({ grants, shared_from }: Watermark): RawBuilder<SqlBool> {
    if (this.#by === null) return sql`1 = 0`;
    const { context, viewer } = this.#by;
    return seesSql(context, { grants, own: viewer.own, sharedFrom: shared_from });
  }

  #of(kinds: readonly WatermarkKind[]): readonly Watermark[] {
    if (this.rows.length === 0) return this.rows;
    const implying = new Set(kinds.flatMap((kind) => IMPLIED_BY[kind]));
    return this.rows.filter((row) => implying.has(row.mark));
  }
}

/** Of these people, lowest first. */
export async function watermarkRows(
  { db, dialect }: ReadContext,
  log: LogNumber,
  people: readonly string[],
): Promise<WatermarkRow[]> {
  const { rows } = await sql<WatermarkRow>`
    select w.* from ${dialect.texts(people)}
    ${dialect.lookUp('watermarks', 'w', sql`w.log = ${log} and w.person = t.value`)}
    order by w.n`.execute(db);
  return rows;
}

/** Only where another device made one are its grants read. */
async function grantsByScope(
  { db }: ReadContext,
  viewer: Viewer,
  rows: readonly WatermarkRow[],
): Promise<Map<string, Grants>> {
  if (rows.length === 0) return new Map();
  const { log, person, grants } = viewer;
  const known = new Map([
    [scopeOf(viewer), grants],
    [ANY_SCOPE, EVERYTHING],
  ]);
  if (rows.every((row) => known.has(row.scope))) return known;
  const query = db.selectFrom('watermark_scopes').selectAll().where('log', '=', log).where('person', '=', person);
  for (const row of await query.execute()) if (!known.has(row.scope)) known.set(row.scope, parseGrants(row.grants));
  return known;
}

/** By type pattern: `i.n` is not past the highest. */
function reachedSql(rows: readonly Watermark[]): RawBuilder<SqlBool> {
  const tests = highestBy(rows, (row) => row.pattern).map(
    ({ pattern, n }) => sql`(i.n <= ${n} and ${typeMatchesSql([pattern])})`,
  );
  return sql`(${sql.join(tests, sql` or `)})`;
}

function highest(rows: readonly WatermarkRow[]): number {
  return rows.reduce((most, row) => Math.max(most, row.n), 0);
}

/** The highest of each group. */
function highestBy(rows: readonly Watermark[], keyOf: (row: Watermark) => string): Watermark[] {
  const found = new Map<string, Watermark>();
  for (const row of rows) if (row.n >= (found.get(keyOf(row))?.n ?? 0)) found.set(keyOf(row), row);
  return [...found.values()];
}
