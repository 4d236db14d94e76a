/** One line that says what is running, on a terminal always the same one. */
export class Progress {
  readonly #total: number;
  readonly #begun = performance.now();
  #done = 0;

  constructor(total: number) {
    this.#total = total;
  }

  next(what: string): void {
    this.#done += 1;
    const seconds = Math.round((performance.now() - this.#begun) / 1_000);
    this.#write(`[${this.#done}/${this.#total}] ${what}, ${seconds} s so far`);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }

  #write(line: string): void {
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  }
}
