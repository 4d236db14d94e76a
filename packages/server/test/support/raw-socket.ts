import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A bare TCP connection, for what no HTTP client would send. */
export class RawSocket {
  readonly socket: Socket;
  text = '';
  ended = false;
  #wake: (() => void)[] = [];

  static async open(port: number): Promise<RawSocket> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawSocket(socket);
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.text += text;
      this.#notify();
    });
    socket.on('error', () => this.#over());
    socket.on('end', () => this.#over());
    socket.on('close', () => this.#over());
  }

  send(text: string): void {
    this.socket.write(text.replaceAll(/\r?\n/g, '\r\n'), 'latin1');
  }

  /** Waits until `pattern` has come, and gives all that came. */
  async until(pattern: RegExp | string): Promise<string> {
    const has = () => (typeof pattern === 'string' ? this.text.includes(pattern) : pattern.test(this.text));
    while (!has()) {
      if (this.ended) throw new Error(`The connection ended without ${pattern}: ${this.text}`);
      await this.#more();
    }
    return this.text;
  }

  async end(): Promise<string> {
    while (!this.ended) await this.#more();
    this.close();
    return this.text;
  }

  close(): void {
    this.socket.destroy();
  }

  #over(): void {
    this.ended = true;
    this.#notify();
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }
}

export function request(method: string, path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: 'belfry', ...headers }).map(([name, value]) => `${name}: ${value}\n`);
  return `${method} ${path} HTTP/1.1\n${lines.join('')}\n`;
}
