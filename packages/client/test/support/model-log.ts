import type { FakeTab } from './fake-browser.ts';
import { cursor } from './scripted-server.ts';

interface Open {
  tab: FakeTab;
  write(text: string): void;
  end(): void;
}

/** A log of numbered events, and streams of it as the server has them, without a network in between. */
export class ModelLog {
  head = 10;
  readonly #open = new Set<Open>();

  get streams(): number {
    return this.#open.size;
  }

  publish(): void {
    this.head += 1;
    for (const { write } of this.#open) write(messageOf(this.head));
  }

  /** All connections break. */
  cut(): void {
    for (const { end } of [...this.#open]) end();
  }

  /** The process of this tab is gone, and with it its sockets. */
  forget(tab: FakeTab): void {
    for (const open of [...this.#open]) if (open.tab === tab) this.#open.delete(open);
  }

  fetchOf(tab: FakeTab): typeof fetch {
    return async (_url, init) => {
      // Of a process that is gone a promise may still run here.
      if (tab.isGone) return new Promise<never>(() => {});
      init?.signal?.throwIfAborted();
      const headers = new Headers(init?.headers);
      const from = headers.get('last-event-id');
      return new Response(this.#body(tab, from, init?.signal as AbortSignal), {
        headers: { 'content-type': 'text/event-stream' },
      });
    };
  }

  #body(tab: FakeTab, from: string | null, signal: AbortSignal): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    return new ReadableStream({
      start: (controller) => {
        const isOpen = (): boolean => this.#open.has(open);
        const open: Open = {
          tab,
          // What a sleeping tab is sent waits with all else that it will hear of.
          write: (text) => tab.does(() => isOpen() && controller.enqueue(encoder.encode(text))),
          end: () =>
            tab.does(() => {
              if (this.#open.delete(open)) controller.close();
            }),
        };
        this.#open.add(open);
        signal.addEventListener('abort', () => {
          if (this.#open.delete(open)) controller.error(signal.reason);
        });
        open.write(this.#opening(from));
      },
    });
  }

  #opening(from: string | null): string {
    const resumed = from !== null;
    const who = { tenant: 'default', user: '42', readOnly: false, channels: ['user:42'], access: 'a1' };
    const rest = { connection: 'c', resumed, reason: resumed ? null : 'new', heartbeatMs: 25_000, serverTime: '' };
    const frames = [`event: connected\ndata: ${JSON.stringify({ ...who, ...rest })}\n\n`];
    const notifications = { items: [], unread: 0, unseen: 0, nextCursor: null };
    const state = JSON.stringify({ notifications, questions: [], runs: [] });
    if (!resumed) frames.push(`event: state\nid: ${cursor(this.head)}\ndata: ${state}\n\n`);
    const first = resumed ? Number(from.split('-')[1]) + 1 : this.head + 1;
    for (let n = first; n <= this.head; n += 1) frames.push(messageOf(n));
    return [...frames, `event: live\nid: ${cursor(this.head)}\ndata: {}\n\n`].join('');
  }
}

function messageOf(n: number): string {
  const event = { type: 'test.event', channel: 'user:42', time: '2026-01-01T00:00:00.000Z', data: { n } };
  return `id: ${cursor(n)}\ndata: ${JSON.stringify(event)}\n\n`;
}
