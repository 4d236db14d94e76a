import type { ServerResponse } from 'node:http';
import type { WatchLine } from '../wire.ts';

const MOST_WATCHERS = 20;
/** A page that does not read is let go; it comes back and starts from a snapshot. */
const MOST_UNREAD_BYTES = 1_000_000;
const HEARTBEAT_MS = 5_000;

/** The pages that watch: one JSON document a line, to each of them. */
export class Watchers {
  readonly #open = new Set<ServerResponse>();
  readonly #heartbeat = setInterval(() => this.tell({ type: 'still-here' }), HEARTBEAT_MS);

  get full(): boolean {
    return this.#open.size >= MOST_WATCHERS;
  }

  add(response: ServerResponse, first: WatchLine): void {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' });
    response.on('close', () => this.#open.delete(response));
    this.#open.add(response);
    response.write(`${JSON.stringify(first)}\n`);
  }

  tell(line: WatchLine): void {
    const text = `${JSON.stringify(line)}\n`;
    for (const response of this.#open) {
      if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
      else response.write(text);
    }
  }

  stop(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#open) response.destroy();
  }
}
