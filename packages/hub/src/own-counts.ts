import { type Core, type LogEvent, scopeHash } from '@belfry/core';
import { type Counts, formatCursor, type MarkChange, type Position } from '@belfry/protocol';
import { LogEntry } from './log-entry.ts';
import { personOf, readerFor, type StreamRequest } from './stream-request.ts';

/**
 * A `notification.state` for a stream with other types or in another scope than it was counted for: with its own counts.
 * They are of now, which may be later than the event, so they say where they stand.
 */
export async function withOwnCounts(core: Core, request: StreamRequest, entry: LogEntry): Promise<LogEntry> {
  const person = personOf(request.principal);
  if (person === null) return entry;
  const reader = readerFor(request, person, core.clock.now());
  const { at, ...counts } = await core.store.read('counts', { reader });
  return withCounts(core, entry, scopeHash({ ...reader, grants: request.grants }), counts, at);
}

function withCounts(core: Core, entry: LogEntry, countedFor: string, counts: Counts, at: Position): LogEntry {
  const { epoch } = core.store;
  const told = JSON.parse(entry.event.data) as MarkChange;
  const change: MarkChange = { ...told, ...counts, countedFor, countsAt: formatCursor(epoch, at) };
  const event: LogEvent = { ...entry.event, data: JSON.stringify(change) };
  return new LogEntry(epoch, event);
}
