import { randomInt } from 'node:crypto';
import { type Company, joinCompany, tryCompany } from './company.ts';
import type { Answer, Connection } from './connection.ts';
import { unavailable } from './failures.ts';
import { takeNumber, takeNumberAgain } from './holders.ts';
import type { Connect } from './pool.ts';

const MOST = 2 ** 31 - 1;
const ANSWER_MS = 2_000;
const AGAIN_MS = 250;

/**
 * The number of this process, and its place in the company of others: locks of a connection that does little else, so
 * the server lets go of them when the process dies, however it dies. Where the connection is lost they are taken again,
 * for as long as it takes. The same connection tells whether the database is there at all, also when all others are
 * busy, and while it waits for the locks.
 */
export class ProcessLease {
  readonly id: number;
  readonly #connect: Connect;
  readonly #company: Company | undefined;
  readonly #closing = new AbortController();
  #connection: Connection | null = null;
  #hasNumber = false;
  #isInCompany = false;
  #again: NodeJS.Timeout | null = null;
  #restoring: Promise<void> = Promise.resolve();

  /** @throws BelfryError `unavailable` where the company that is there won't do, or what the driver throws. */
  static async take(connect: Connect, company: Company | undefined): Promise<ProcessLease> {
    for (;;) {
      const lease = new ProcessLease(connect, company, randomInt(1, MOST));
      if (await lease.#begin()) return lease;
    }
  }

  private constructor(connect: Connect, company: Company | undefined, id: number) {
    this.#connect = connect;
    this.#company = company;
    this.id = id;
  }

  /**
   * A slow answer costs the caller, and never the connection: it has the locks.
   *
   * @throws BelfryError `unavailable`, or what the driver throws, where no answer comes within 2 s.
   */
  async ask(text: string): Promise<void> {
    if (this.#connection === null) throw unavailable('The database does not answer.');
    await inTime(this.#connection.query(text));
  }

  /** Within some 2 s, whatever the server does. */
  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#again !== null) clearTimeout(this.#again);
    await this.#connection?.close();
    await this.#restoring;
  }

  /** False: another process has this number. */
  async #begin(): Promise<boolean> {
    const connection = await this.#connect(this.#closing.signal);
    try {
      if (this.#company !== undefined) await joinCompany(connection, this.#company);
      this.#hasNumber = await takeNumber(connection, this.id);
      this.#isInCompany = true;
    } finally {
      if (this.#hasNumber) this.#keep(connection);
      else await connection.close();
    }
    return this.#hasNumber;
  }

  #keep(connection: Connection): void {
    this.#connection = connection;
    connection.onEnd(() => this.#lost());
    if (connection.isBroken) this.#lost();
  }

  #lost(): void {
    this.#connection = null;
    this.#hasNumber = false;
    this.#isInCompany = false;
    this.#soon();
  }

  #soon(): void {
    if (this.#closing.signal.aborted) return;
    this.#again ??= setTimeout(() => {
      this.#again = null;
      this.#restoring = this.#restore();
    }, AGAIN_MS);
  }

  /** Begins again until it has all that was lost: no server, no right or no lock now may be there the next time. */
  async #restore(): Promise<void> {
    try {
      const connection = this.#connection ?? (await this.#reconnect());
      this.#hasNumber ||= await takeNumberAgain(connection, this.id);
      this.#isInCompany ||= this.#company === undefined || (await tryCompany(connection, this.#company));
    } catch {}
    if (!(this.#hasNumber && this.#isInCompany)) this.#soon();
  }

  async #reconnect(): Promise<Connection> {
    const connection = await this.#connect(this.#closing.signal);
    if (this.#closing.signal.aborted) connection.destroy();
    this.#keep(connection);
    return connection;
  }
}

async function inTime(answer: Promise<Answer>): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(unavailable('The database does not answer.')), ANSWER_MS);
  });
  try {
    await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(late);
  }
}
