import type { FakeTab } from './fake-browser.ts';
import { cursor } from './scripted-server.ts';

export type Answer = 'stream' | 'unauthorized' | 'forbidden' | 'unavailable' | 'nothing';
export type Block = 'connected' | 'live' | 'message' | 'closing' | 'expired';

/** A request for a stream or a poll, from `fetch` on until nothing of it is left at either end. */
export class HeldRequest {
  readonly tab: FakeTab;
  readonly token: string;
  readonly kind: 'stream' | 'poll' | 'probe';
  isAnswered = false;
  isOver = false;
  #resolve: (response: Response) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #body: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor(tab: FakeTab, url: URL, token: string) {
    this.tab = tab;
    this.token = token;
    if (url.searchParams.has('wait')) this.kind = 'poll';
    else this.kind = url.searchParams.get('state') === 'none' ? 'probe' : 'stream';
  }

  /** What `fetch` gives. */
  begun(signal: AbortSignal): Promise<Response> {
    signal.addEventListener('abort', () => this.#end(() => this.#fail(signal.reason)));
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  answer(answer: Answer): void {
    if (this.isAnswered || this.isOver) return;
    this.isAnswered = true;
    if (answer === 'stream' && this.kind !== 'poll') this.tab.does(() => this.#resolve(this.#stream()));
    else if (answer === 'nothing') this.#end(() => this.tab.does(() => this.#reject(new TypeError('no network'))));
    else this.#end(() => this.tab.does(() => this.#resolve(this.#brief(answer))));
  }

  write(block: Block, n: number): void {
    this.tab.does(() => {
      if (!this.isOver) this.#body?.enqueue(new TextEncoder().encode(textOf(block, n)));
    });
  }

  cut(): void {
    this.tab.does(() => this.#end(() => this.#fail(new TypeError('cut off'))));
  }

  #end(how: () => void): void {
    if (this.isOver) return;
    this.isOver = true;
    how();
  }

  #fail(error: unknown): void {
    if (this.#body === null) this.#reject(error);
    else this.#body.error(error);
  }

  /** Whoever lets go of the body without a word keeps the connection open: only a cancel or an abort ends it. */
  #stream(): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#body = controller;
      },
      cancel: () => this.#end(() => {}),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  #brief(answer: Answer): Response {
    if (this.kind === 'poll' && answer === 'stream') return Response.json(POLLED);
    const status = { unauthorized: 401, forbidden: 403 }[answer as string] ?? 503;
    return Response.json({ code: answer, message: 'No.' }, { status });
  }
}

const WHO = { tenant: 'default', user: '42', readOnly: false, channels: ['user:42'], access: 'a1' };
const STATE = { notifications: { items: [], unread: 0, unseen: 0, nextCursor: null }, questions: [], runs: [] };
const POLLED = { ...WHO, events: [], cursor: cursor(1), resumed: false, reason: 'new', state: STATE };

function textOf(block: Block, n: number): string {
  if (block === 'connected') {
    const rest = { connection: 'c', resumed: false, reason: 'new', heartbeatMs: 25_000, serverTime: '' };
    return blockOf('connected', null, { ...WHO, ...rest }) + blockOf('state', n, STATE);
  }
  if (block === 'live') return blockOf('live', n, {});
  if (block === 'message') return blockOf('message', n, { type: 'test.event', channel: 'user:42', time: '', data: {} });
  return blockOf('closing', null, { reason: block === 'expired' ? 'token_expired' : 'shutdown', retryMs: 100 });
}

function blockOf(event: string, n: number | null, data: object): string {
  return `event: ${event}\n${n === null ? '' : `id: ${cursor(n)}\n`}data: ${JSON.stringify(data)}\n\n`;
}
