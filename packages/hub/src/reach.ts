/** Who waits until a log has been handed on up to some number. */
export class Reach {
  #waits: { n: number; reached: () => void }[] = [];

  to(n: number): Promise<void> {
    return new Promise((reached) => this.#waits.push({ n, reached }));
  }

  /** Called with each number: it must cost nothing where nobody waits. */
  movedTo(n: number): void {
    if (this.#waits.length === 0) return;
    const [reached, waiting] = [this.#waits.filter((wait) => wait.n <= n), this.#waits.filter((wait) => wait.n > n)];
    this.#waits = waiting;
    for (const wait of reached) wait.reached();
  }
}
