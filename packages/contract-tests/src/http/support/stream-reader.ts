/** One block of an event stream, read by the letter of the standard and nothing of ours. */
export interface Block {
  comment?: string;
  retry?: string;
  event?: string;
  id?: string;
  data?: string;
}

export interface ReaderOptions {
  headers?: Record<string, string>;
  /** How bytes are got; `fetch` unless said otherwise. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** The JSON of an unnamed message. */
export interface Message {
  id: string;
  type: string;
  channel: string;
  time: string;
  data: Record<string, unknown>;
}

const PATIENCE_MS = 30_000;

/** Reads a stream in the background and keeps all of it. Waits are for blocks, not for time. */
export class StreamReader {
  readonly response: Response;
  readonly blocks: Block[] = [];
  ended = false;
  readonly #abort: AbortController;
  readonly #done: Promise<void>;
  #wake: (() => void)[] = [];

  static async open(url: string, { headers = {}, fetch: get = fetch }: ReaderOptions): Promise<StreamReader> {
    const abort = new AbortController();
    return new StreamReader(await get(url, { headers, signal: abort.signal }), abort);
  }

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    this.#done = this.#read().catch(() => this.#over());
  }

  /** The first block, among those had and those to come, that `wanted` is true of. */
  async block(wanted: (block: Block) => boolean, what = 'a block'): Promise<Block> {
    for (;;) {
      const found = this.blocks.find(wanted);
      if (found !== undefined) return found;
      if (this.ended) throw new Error(`The stream ended without ${what}: ${JSON.stringify(this.blocks)}`);
      await this.#more(what);
    }
  }

  /** The data of the first control frame of this name. */
  async frame<Data = Record<string, unknown>>(event: string): Promise<Data> {
    const { data } = await this.block((block) => block.event === event, `"${event}"`);
    return JSON.parse(data as string) as Data;
  }

  /** The first `count` unnamed messages. */
  async messages(count: number): Promise<Message[]> {
    while (this.seen.length < count) {
      if (this.ended) throw new Error(`The stream ended after ${this.seen.length} of ${count} messages.`);
      await this.#more(`message ${count}`);
    }
    return this.seen.slice(0, count);
  }

  /** The unnamed messages so far. An id that owes a state is told as that of its event. */
  get seen(): Message[] {
    return this.blocks
      .filter(isMessage)
      .map(({ id, data }) => ({ id: id?.replace(/-s$/, ''), ...JSON.parse(data as string) }) as Message);
  }

  /** The last id: what a client would come back with. */
  get lastId(): string {
    return this.blocks.findLast(({ id }) => id !== undefined)?.id ?? '';
  }

  async live(): Promise<this> {
    await this.frame('live');
    return this;
  }

  async end(): Promise<void> {
    while (!this.ended) await this.#more('its end');
  }

  /** Drops it, as a closed tab does. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of this.response.body as unknown as AsyncIterable<Uint8Array>) {
      const parts = (rest + decoder.decode(piece, { stream: true })).split('\n\n');
      rest = parts.pop() as string;
      this.blocks.push(...parts.map(parseBlock));
      this.#notify();
    }
    this.#over();
  }

  #over(): void {
    this.ended = true;
    this.#notify();
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  #more(what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const got = this.blocks.map(({ event, data }) => event ?? data ?? 'comment').join(' | ');
      const fail = () => reject(new Error(`Waited in vain for ${what}. Got: ${got.slice(0, 2_000)}`));
      const timer = setTimeout(fail, PATIENCE_MS);
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function isMessage({ event, data }: Block): boolean {
  return event === undefined && data !== undefined;
}

function parseBlock(text: string): Block {
  const block: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = colon === 0 ? 'comment' : line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, '');
    block[name] = block[name] === undefined ? value : `${block[name]}\n${value}`;
  }
  return block;
}
