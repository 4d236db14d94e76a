import { type Counts, LIMITS } from '@belfry/protocol';
import type { ReadContext } from '../context.ts';
import { someNumbers } from '../numbers/channel-numbers.ts';
import type { Known } from '../numbers/settled.ts';
import { type Source, spansOf } from './candidates.ts';
import { countByNumber } from './count-by-number.ts';
import { PAST_ALL } from './viewer.ts';
import type { Watermarks } from './watermarks.ts';

/** They fill a count also where a fifth of them has expired, is marked or stands on two channels. */
const SOME = 1.25 * LIMITS.countCap;

/**
 * Some items, whichever they are: where they fill the counts, or there are no others, nothing has to be put in order. Null:
 * they don't say it. Only of who never marked all as read: of others most of what it would look at is.
 */
export async function someItems(context: ReadContext, source: Source, marks: Watermarks): Promise<Known | null> {
  const isSaid = marks.reach(['read', 'archived']) === 0 && marks.reach(['seen', 'archived']) !== null;
  return isSaid ? someAbove(context, source, 0) : null;
}

/** The counts by some items. Null: they don't say it. */
export async function countSome(
  context: ReadContext,
  source: Source,
  marks: Watermarks,
  known?: Known | null,
): Promise<Counts | null> {
  const some = known ?? (await someItems(context, source, marks));
  const counts = some && (await countByNumber(context, source, marks, some.numbers));
  if (some === null || counts === null || !isFull(some, counts.unread)) return null;
  if (isFull(some, counts.unseen)) return counts;
  const fresh = await freshItems(context, source, marks);
  const unseen = fresh && (await countByNumber(context, source, marks, fresh.numbers))?.unseen;
  return fresh && unseen != null && isFull(fresh, unseen) ? { ...counts, unseen } : null;
}

/** Of those that were never marked as seen together. */
async function freshItems(context: ReadContext, source: Source, marks: Watermarks): Promise<Known | null> {
  const seen = marks.reach(['seen', 'archived']) ?? 0;
  return seen === 0 ? null : someAbove(context, source, seen);
}

async function someAbove(context: ReadContext, source: Source, whole: number): Promise<Known | null> {
  if (source.channels === null) return null;
  const spans = spansOf(source, source.channels, { whole, byChannel: new Map() }, PAST_ALL);
  return someNumbers(context, source.log, spans, SOME);
}

function isFull({ isAll }: Known, count: number): boolean {
  return isAll || count >= LIMITS.countCap;
}
