import { type Audience, type Links, type LogEvent, runMessage } from '@belfry/core';
import { encodeSse, type Run, type RunDoneFrame, type RunSnapshotFrame } from '@belfry/protocol';

/** An entry of a run's own log as its followers get it. The last one is no message: it is the end. */
export function runFrame(id: string, event: LogEvent, audience: Audience, links?: Links): Uint8Array {
  if (isEnd(event)) return doneFrame(id, (JSON.parse(event.data) as { run: Run }).run);
  return messageFrame(id, runMessage(event, audience, links));
}

/** A batch of lines is large, and one line of clean text: it is written once, without a text of the whole in between. */
function messageFrame(id: string, message: [begin: string, data: string, end: string]): Uint8Array {
  const [begin, data, end] = message;
  if (!isOneLine(data)) return Buffer.from(encodeSse({ id, data: message.join('') }));
  const opening = Buffer.from(`id: ${id}\ndata: ${begin}`);
  const closing = `${end}\n\n`;
  const size = Buffer.byteLength(data);
  const frame = Buffer.allocUnsafe(opening.length + size + closing.length);
  opening.copy(frame);
  frame.write(data, opening.length);
  frame.write(closing, opening.length + size);
  return frame;
}

/** Nothing in it is written otherwise in a stream; a lone surrogate becomes the same bytes either way. */
function isOneLine(text: string): boolean {
  return !(text.includes('\n') || text.includes('\r') || text.includes('\0'));
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
