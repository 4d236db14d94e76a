import { matchesType, type TypeFilter } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext } from './context.ts';
import type { MarkTimes } from './notification-row.ts';
import type { WatermarkRow } from './schema.ts';

export type WatermarkKind = WatermarkRow['mark'];

/** Read and archived imply seen, for watermarks as for single items. */
const IMPLIED_BY: Record<WatermarkKind, readonly WatermarkKind[]> = {
  seen: ['seen', 'read', 'archived'],
  read: ['read'],
  archived: ['archived'],
};

export const ALL_TYPES = '*';

/** A person's watermarks: what holds for the items that have no row of their own. */
export class Watermarks {
  /** Lowest first, so that the first that covers an item is the one that marked it. */
  readonly rows: readonly WatermarkRow[];

  static async load(context: ReadContext, log: number, person: string): Promise<Watermarks> {
    const query = context.db.selectFrom('watermarks').selectAll().where('log', '=', log).where('person', '=', person);
    return new Watermarks(await query.orderBy('n').execute());
  }

  constructor(rows: readonly WatermarkRow[]) {
    this.rows = rows;
  }

  /** When an item without a row was marked. */
  timesOf(n: number, type: string): MarkTimes {
    return {
      seen: this.#timeOf('seen', n, type),
      read: this.#timeOf('read', n, type),
      archived: this.#timeOf('archived', n, type),
    };
  }

  #timeOf(kind: WatermarkKind, n: number, type: string): number | null {
    const covers = (row: WatermarkRow) => row.n >= n && matchesType([row.pattern], type);
    const times = this.#of([kind])
      .filter(covers)
      .map((row) => row.at);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Up to here every item is marked one of these ways, whatever its type, unless its own row says else. */
  floor(kinds: readonly WatermarkKind[]): number {
    return highest(this.#of(kinds).filter((row) => row.pattern === ALL_TYPES));
  }

  /** Past here no item without a row is marked so. */
  ceiling(kind: WatermarkKind): number {
    return highest(this.#of([kind]));
  }

  /** How far this very pattern has been marked. */
  reached(kind: WatermarkKind, pattern: string): number {
    return highest(this.rows.filter((row) => row.mark === kind && row.pattern === pattern));
  }

  /** Whether item `i`, having no row, is marked one of these ways. */
  coversSql(kinds: readonly WatermarkKind[]): RawBuilder<SqlBool> {
    const reached = new Map<string, number>();
    for (const row of this.#of(kinds)) reached.set(row.pattern, Math.max(row.n, reached.get(row.pattern) ?? 0));
    const tests = [...reached].map(([pattern, n]) => sql`(i.n <= ${n} and ${typeMatchesSql([pattern])})`);
    return tests.length === 0 ? sql`1 = 0` : sql`(${sql.join(tests, sql` or `)})`;
  }

  #of(kinds: readonly WatermarkKind[]): readonly WatermarkRow[] {
    const implying = new Set(kinds.flatMap((kind) => IMPLIED_BY[kind]));
    return this.rows.filter((row) => implying.has(row.mark));
  }
}

function highest(rows: readonly WatermarkRow[]): number {
  return rows.reduce((most, row) => Math.max(most, row.n), 0);
}

/** `matchesType` over the type of notification `i`. */
export function typeMatchesSql(filter: TypeFilter | undefined | null): RawBuilder<SqlBool> {
  if (!filter || filter.includes(ALL_TYPES)) return sql`1 = 1`;
  if (filter.length === 0) return sql`1 = 0`;
  return sql`(${sql.join(filter.map(onePatternSql), sql` or `)})`;
}

function onePatternSql(pattern: string): RawBuilder<SqlBool> {
  if (!pattern.endsWith('*')) return sql`i.type = ${pattern}`;
  return sql`substr(i.type, 1, ${pattern.length - 1}) = ${pattern.slice(0, -1)}`;
}
