import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Follows a stream with `curl -N`, run again with the last id each time it ends. */
export class CurlLoop {
  readonly ticks: number[] = [];
  readonly reasons: string[] = [];
  connections = 0;
  #lastId = '';
  #rest = '';
  #child: ChildProcess | null = null;
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(url: string, token: string) {
    this.#running = this.#run(url, token);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#child?.kill();
    await this.#running;
  }

  async #run(url: string, token: string): Promise<void> {
    while (!this.#stopped) {
      // Headers come by stdin: what stands in a command line is there for all to see.
      const child = spawn('curl', ['-sN', '--config', '-', url], { stdio: ['pipe', 'pipe', 'ignore'] });
      this.#child = child;
      const resume = this.#lastId === '' ? '' : `header = "Last-Event-ID: ${this.#lastId}"\n`;
      child.stdin.end(`header = "Authorization: Bearer ${token}"\n${resume}`);
      this.#rest = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
      await once(child, 'close');
      await sleep(20);
    }
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() as string;
    for (const block of blocks) this.#block(block);
  }

  #block(block: string): void {
    this.#lastId = /^id: (.*)$/m.exec(block)?.[1] ?? this.#lastId;
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data === undefined) return;
    const json = JSON.parse(data) as { data?: number; reason?: string };
    if (block.startsWith('event: connected')) this.connections += 1;
    if (block.includes('event: closing')) this.reasons.push(json.reason as string);
    if (!block.includes('event: ')) this.ticks.push(json.data as number);
  }
}
