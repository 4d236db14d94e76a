import type { Reader } from '@belfry/core';
import type { Position } from '@belfry/protocol';
import { heldIn } from '../access/access-rows.ts';
import { together } from '../all-over.ts';
import type { ReadContext } from '../context.ts';
import { firstOfEach, firstSince } from '../log/first-since.ts';
import { findLogAndHead, logNamed } from '../log/position.ts';
import { type Viewer, viewerFrom } from './viewer.ts';
import { Watermarks, watermarkRows } from './watermarks.ts';

/** A person's device, and what every list of theirs goes by. */
export interface InboxOf {
  reader: Reader;
  viewer: Viewer;
  marks: Watermarks;
}

/**
 * With where the log ends. Null: there is none. None of the questions needs the answer to another, so they are asked
 * together.
 *
 * @throws BelfryError as `heldIn` does.
 */
export async function inboxOf(context: ReadContext, asked: Reader): Promise<{ inbox: InboxOf | null; head: Position }> {
  const named = logNamed(asked.tenant);
  const [{ log, head }, reader, first, rows] = await together(
    findLogAndHead(context, asked.tenant),
    heldIn(context, named, asked),
    firstSince(context, named, asked.since),
    watermarkRows(context, named, [asked.user]),
  );
  if (log === null) return { inbox: null, head };
  const viewer = viewerFrom(log, reader, first);
  return { inbox: { reader, viewer, marks: await Watermarks.from(context, viewer, rows) }, head };
}

/** Those of many readers, who come with all that they hold, in their order. */
export async function inboxesOf(context: ReadContext, log: number, readers: readonly Reader[]): Promise<InboxOf[]> {
  if (readers.length === 0) return [];
  const sinces = readers.map(({ since }) => since);
  const people = [...new Set(readers.map(({ user }) => user))];
  const [firsts, rows] = await together(firstOfEach(context, log, sinces), watermarkRows(context, log, people));
  const byPerson = Map.groupBy(rows, ({ person }) => person);
  const inboxes: InboxOf[] = [];
  for (const [index, reader] of readers.entries()) {
    const viewer = viewerFrom(log, reader, firsts[index] ?? null);
    inboxes.push({ reader, viewer, marks: await Watermarks.from(context, viewer, byPerson.get(reader.user) ?? []) });
  }
  return inboxes;
}
