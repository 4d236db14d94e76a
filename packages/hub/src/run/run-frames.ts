import { type Audience, type Links, type LogEvent, runMessageJson } from '@belfry/core';
import { encodeSse, type Run, type RunDoneFrame, type RunSnapshotFrame } from '@belfry/protocol';

/** An entry of a run's own log as its followers get it. The last one is no message: it is the end. */
export function runFrame(id: string, event: LogEvent, audience: Audience, links?: Links): Uint8Array {
  if (isEnd(event)) return doneFrame(id, (JSON.parse(event.data) as { run: Run }).run);
  return Buffer.from(encodeSse({ id, data: runMessageJson(event, audience, links) }));
}

export function isEnd({ type }: LogEvent): boolean {
  return type === 'run.finished';
}

export function doneFrame(id: string, { status, message, result }: Run): Uint8Array {
  const done: RunDoneFrame = { status, message, result };
  return Buffer.from(encodeSse({ event: 'done', id, data: JSON.stringify(done) }));
}

export function snapshotFrame(id: string, frame: RunSnapshotFrame): Uint8Array {
  return Buffer.from(encodeSse({ event: 'snapshot', id, data: JSON.stringify(frame) }));
}
