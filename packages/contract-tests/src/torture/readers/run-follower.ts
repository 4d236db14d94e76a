import type { RunDoneFrame, RunLine, RunSnapshotFrame } from '@belfry/protocol';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { RunFollowing } from '../ledger.ts';
import { pause } from '../pause.ts';
import type { Random } from '../random.ts';
import type { Targets } from '../writer.ts';

export interface Followed {
  id: string;
  title: string;
  token: string;
  /** It may be taken from them. */
  mayLose?: boolean;
}

/** A run has 30 batches of lines and a rest after each, and each may have to be tried for a while. */
const PATIENCE_MS = 120_000;

/** Reads a run's stream as an EventSource would, torn off again and again and back anywhere, until it is told 204, or 404. */
export async function followRun(targets: Targets, followed: Followed, random: Random): Promise<RunFollowing> {
  const following = new Following(followed);
  const deadline = performance.now() + PATIENCE_MS;
  while (!following.isOver && !following.isShutOut && performance.now() < deadline) {
    const upMs = random.chance(0.7) ? random.int(0, 3_000) : 20_000;
    await following.connect(random.pick(targets).url, AbortSignal.timeout(upMs)).catch(() => {});
    await pause(random.int(0, 300));
  }
  return following;
}

class Following implements RunFollowing {
  readonly lines: RunLine[] = [];
  readonly complaints: string[] = [];
  status: string | null = null;
  isOver = false;
  isShutOut = false;
  readonly #followed: Followed;
  #cursor: string | null = null;

  constructor(followed: Followed) {
    this.#followed = followed;
  }

  async connect(url: string, signal: AbortSignal): Promise<void> {
    const { id, token, mayLose = false } = this.#followed;
    const headers: Record<string, string> = { accept: 'text/event-stream', authorization: `Bearer ${token}` };
    if (this.#cursor !== null) headers['last-event-id'] = this.#cursor;
    const response = await fetch(`${url}/v1/runs/${id}/stream`, { headers, signal });
    if (response.status === 204) this.#end();
    else if (response.status === 404 && mayLose) this.isShutOut = true;
    else if (response.status !== 200) this.complaints.push(`was answered ${response.status}: ${await response.text()}`);
    if (response.status !== 200 || response.body === null) return;
    const hadCursor = this.#cursor !== null;
    const parser = createParser({
      onId: (cursor) => {
        this.#cursor = cursor;
      },
      onEvent: (frame) => this.#take(frame, hadCursor),
    });
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      if (signal.aborted) return;
      parser.feed(piece);
    }
  }

  #take({ event = 'message', data }: EventSourceMessage, hadCursor: boolean): void {
    if (event === 'closing') return;
    if (this.status !== null) this.complaints.push(`${event} came after done`);
    if (event === 'done') this.status = (JSON.parse(data) as RunDoneFrame).status;
    else if (event === 'snapshot') this.#begin(JSON.parse(data) as RunSnapshotFrame, hadCursor);
    else if (event === 'message') this.#takeMessage(JSON.parse(data));
  }

  #begin({ logs, logsCursor }: RunSnapshotFrame, hadCursor: boolean): void {
    if (hadCursor) this.complaints.push('began anew although it had a cursor');
    if (logsCursor !== null) this.complaints.push('a snapshot leaves lines out');
    this.lines.push(...logs);
  }

  #takeMessage({ type, data }: { type: string; data: { lines: RunLine[] } }): void {
    if (type === 'run.log') this.lines.push(...data.lines);
  }

  #end(): void {
    this.isOver = true;
    if (this.status === null) this.complaints.push('was answered 204 before done');
  }
}
