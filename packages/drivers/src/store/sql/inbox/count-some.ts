import { type Counts, LIMITS } from '@belfry/protocol';
import type { ReadContext } from '../context.ts';
import { someNumbers } from '../numbers/channel-numbers.ts';
import { type Source, spansOf } from './candidates.ts';
import { countByNumber } from './count-by-number.ts';
import { PAST_ALL } from './viewer.ts';
import type { Watermarks } from './watermarks.ts';

/** They fill a count also where a fifth of them has expired, is marked or stands on two channels. */
const SOME = 1.25 * LIMITS.countCap;

/**
 * Counts of some items, whichever they are: where they fill the counts, or there are no others, nothing has to be put in
 * order. Null: they don't say it. Only of who never marked all as read: of others most of what it would look at is.
 */
export async function countSome(context: ReadContext, source: Source, marks: Watermarks): Promise<Counts | null> {
  const [read, seen] = [marks.reach(['read', 'archived']), marks.reach(['seen', 'archived'])];
  if (read !== 0 || seen === null) return null;
  const some = await someAbove(context, source, marks, 0);
  if (some === null || !isSaid(some, 'unread')) return null;
  if (isSaid(some, 'unseen')) return some;
  const fresh = seen === 0 ? null : await someAbove(context, source, marks, seen);
  return fresh !== null && isSaid(fresh, 'unseen') ? { unread: some.unread, unseen: fresh.unseen } : null;
}

interface Some extends Counts {
  isAll: boolean;
}

async function someAbove(context: ReadContext, source: Source, marks: Watermarks, whole: number): Promise<Some | null> {
  if (source.channels === null) return null;
  const spans = spansOf(source, source.channels, { whole, byChannel: new Map() }, PAST_ALL);
  const { numbers, isAll } = await someNumbers(context, source.log, spans, SOME);
  const counts = await countByNumber(context, source, marks, numbers);
  return counts && { ...counts, isAll };
}

function isSaid(some: Some, which: keyof Counts): boolean {
  return some.isAll || some[which] >= LIMITS.countCap;
}
