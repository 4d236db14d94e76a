import type { Hub, RunStreamRequest } from '../../src/index.ts';
import { ScriptedSink } from './sink.ts';

/** Somebody who follows a run, and all that they were sent. */
export class RunFollower {
  text = '';
  readonly #watchers = new Set<() => void>();

  constructor(hub: Hub, request: RunStreamRequest) {
    const sink = new ScriptedSink(
      (bytes) => this.#take(bytes),
      () => handle.gone(),
    );
    const handle = hub.openRun(request, sink);
  }

  /** Resolves when they were sent it. */
  has(part: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => this.text.includes(part) && resolve();
      this.#watchers.add(look);
      look();
    });
  }

  #take(bytes: Uint8Array): void {
    this.text += new TextDecoder().decode(bytes);
    for (const look of this.#watchers) look();
  }
}
