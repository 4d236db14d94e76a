import type { Reader } from '@belfry/core';
import { heldIn } from '../access/access-rows.ts';
import { together } from '../all-over.ts';
import type { ReadContext } from '../context.ts';
import { firstSince } from '../log/first-since.ts';
import { type Viewer, viewerFrom } from './viewer.ts';
import { Watermarks, watermarkRows } from './watermarks.ts';

/** A person's device, and what every list of theirs goes by. */
export interface InboxOf {
  reader: Reader;
  viewer: Viewer;
  marks: Watermarks;
}

/** @throws BelfryError as `heldIn` does. */
export async function inboxOf(context: ReadContext, log: number, asked: Reader): Promise<InboxOf> {
  const [reader, first, rows] = await together(
    heldIn(context, log, asked),
    firstSince(context, log, asked.since),
    watermarkRows(context, log, [asked.user]),
  );
  const viewer = viewerFrom(log, reader, first);
  return { reader, viewer, marks: await Watermarks.from(context, viewer, rows) };
}
