import type { Draft, PageConfig, SendAnswer, SentMessage, Snapshot, WatchLine } from '../src/wire.ts';

/** The buttons, as calls to the supervisor. All of them reject with a sentence to show. */
export class Control {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor({ url, token }: PageConfig['control']) {
    this.#url = url;
    this.#headers = { Authorization: `Bearer ${token}` };
  }

  /** Answers when Belfry has stored it, however long the server is away. */
  async send(draft: Draft): Promise<SentMessage> {
    return ((await this.#call('POST', '/send', draft)) as SendAnswer).message;
  }

  async snapshot(): Promise<Snapshot> {
    return (await this.#call('GET', '/snapshot')) as Snapshot;
  }

  kill = (): Promise<unknown> => this.#call('POST', '/kill');
  cut = (seconds: number): Promise<unknown> => this.#call('POST', '/cut', { seconds });
  restore = (): Promise<unknown> => this.#call('POST', '/restore');
  ask = (): Promise<unknown> => this.#call('POST', '/ask');
  sendToTopic = (): Promise<unknown> => this.#call('POST', '/topic/send');
  letBenIn = (member: boolean): Promise<unknown> => this.#call('POST', '/topic/ben', { member });
  startJob = (): Promise<unknown> => this.#call('POST', '/job');
  traffic = (on: boolean): Promise<unknown> => this.#call('POST', '/traffic', { on });

  /** Reads what happens until the connection ends. Rejects where there is none. */
  async watch(onLine: (line: WatchLine) => void): Promise<void> {
    const response = await this.#fetch('GET', '/watch');
    if (!response.ok || response.body === null) throw new Error('The supervisor does not let this page watch.');
    let rest = '';
    for await (const text of textsOf(response.body)) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(JSON.parse(line) as WatchLine);
    }
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#fetch(method, path, body);
    const answer = (await response.json()) as { detail?: string };
    if (!response.ok) throw new Error(answer.detail ?? `The supervisor answered ${response.status}.`);
    return answer;
  }

  #fetch(method: string, path: string, body?: unknown): Promise<Response> {
    const init: RequestInit = { method, headers: this.#headers, cache: 'no-store' };
    if (body !== undefined) init.body = JSON.stringify(body);
    return fetch(this.#url + path, init).catch(() => {
      throw new Error('Nothing answers: Belfry was stopped where it was started.');
    });
  }
}

async function* textsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}
