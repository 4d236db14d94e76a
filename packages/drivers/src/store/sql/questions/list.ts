import { EVERYTHING, within } from '@belfry/protocol';
import { heldIn } from '../access/access-rows.ts';
import type { ReadOp } from '../context.ts';
import { findLog } from '../log/position.ts';
import { questionRows } from './pages.ts';
import { questionOf } from './row.ts';
import { matchesSql, rangesOf } from './source.ts';

export const questions: ReadOp<'questions'> = async (context, { tenant, reader, query }) => {
  const log = await findLog(context, tenant);
  if (log === null) return { items: [], nextCursor: null };
  const held = reader === undefined ? EVERYTHING : (await heldIn(context, log, reader)).grants;
  const grants = query.channels === undefined ? held : within(held, query.channels);
  const ranges = await rangesOf(context, log, grants, query);
  const { rows, nextCursor } = await questionRows(context, log, ranges, matchesSql(context, grants, query), query);
  return { items: rows.map((row) => questionOf(row)), nextCursor };
};
