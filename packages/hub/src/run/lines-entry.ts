import type { LogEvent } from '@belfry/core';
import { formatCursor } from '@belfry/protocol';
import { LogEntry } from '../log-entry.ts';
import { runFrame } from './run-frames.ts';

/** About what an entry takes in memory besides its frame: of a single short line that is most of it. */
const AROUND_FRAME = 600;

/** Of a run's log, where they are the same for everyone. */
export function isLines({ run, type }: LogEvent): boolean {
  return run !== undefined && type === 'run.log';
}

/**
 * A batch of lines, kept as the bytes that are sent and not as text too: of 60 kB each, many a second, the collector would
 * copy twice what is remembered of them, and everyone waits meanwhile.
 */
export class LinesEntry extends LogEntry {
  readonly #frame: Uint8Array;

  constructor(epoch: string, event: LogEvent) {
    const frame = runFrame(formatCursor(epoch, event), event, 'service');
    super(epoch, { ...event, data: '' }, undefined, frame.length + AROUND_FRAME);
    this.#frame = frame;
  }

  override frame(): Uint8Array {
    return this.#frame;
  }
}
