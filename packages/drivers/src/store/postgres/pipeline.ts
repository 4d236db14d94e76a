import type { Answer, Connection, Statement } from './connection.ts';

/** Statements sent without waiting for their answers, whose failures are asked for later. */
export class Pipeline {
  readonly #connection: Connection;
  readonly #sent: Promise<PromiseSettledResult<Answer>[]>[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  send(...statements: readonly Statement[]): void {
    this.#sent.push(this.#connection.sendAll(statements));
  }

  /** How many times something was sent. */
  get sent(): number {
    return this.#sent.length;
  }

  /** What those that failed were answered with, in order. */
  async failures(): Promise<unknown[]> {
    const answers = (await Promise.all(this.#sent)).flat();
    return answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  }

  /** @throws what the first that failed was answered with. */
  async settle(): Promise<void> {
    const failures = await this.failures();
    if (failures.length > 0) throw failures[0];
  }
}
