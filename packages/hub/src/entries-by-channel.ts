import type { Channel } from '@belfry/protocol';
import type { LogEntry } from './log-entry.ts';

/** The same entries as a ring holds, by the channels that they go to: in a storm each of thousands looks for the few that are theirs. */
export class EntriesByChannel {
  /** Oldest first. */
  readonly #lists = new Map<Channel, LogEntry[]>();

  constructor(entries: readonly LogEntry[]) {
    for (const entry of entries) this.push(entry);
  }

  /** Must be the newest. */
  push(entry: LogEntry): void {
    for (const channel of entry.event.to) {
      const list = this.#lists.get(channel);
      if (list === undefined) this.#lists.set(channel, [entry]);
      else list.push(entry);
    }
  }

  /** Must be the oldest. */
  drop({ event }: LogEntry): void {
    for (const channel of event.to) {
      const list = this.#lists.get(channel);
      list?.shift();
      if (list?.length === 0) this.#lists.delete(channel);
    }
  }

  /** Channels with at least one entry. */
  get size(): number {
    return this.#lists.size;
  }

  /** What went to any of these, each once, oldest first. */
  between(after: number, upTo: number, channels: readonly Channel[]): LogEntry[] {
    const found = new Set<LogEntry>();
    for (const channel of channels) {
      const list = this.#lists.get(channel) ?? [];
      for (let at = list.length - 1; at >= 0; at -= 1) {
        const entry = list[at] as LogEntry;
        if (entry.n <= after) break;
        if (entry.n <= upTo) found.add(entry);
      }
    }
    return found.size < 2 ? [...found] : [...found].sort((one, other) => one.n - other.n);
  }
}
