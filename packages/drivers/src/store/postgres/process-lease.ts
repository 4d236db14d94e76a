import { randomInt } from 'node:crypto';
import { type Company, joinCompany, rejoinCompany } from './company.ts';
import type { Connection } from './connection.ts';
import { unavailable } from './failures.ts';
import { LOCKS } from './locks.ts';

const MOST = 2 ** 31 - 1;
const ANSWER_MS = 2_000;
const AGAIN_MS = 250;

type Join = (connection: Connection, company: Company) => Promise<unknown>;

/**
 * The number of this process, held by a lock of a connection that does little else: the server lets go of it when the
 * process dies, however it dies. After a restart of the server it is taken again. The same connection tells whether the
 * database is there at all, also when all others are busy.
 */
export class ProcessLease {
  readonly id: number;
  readonly #connect: () => Promise<Connection>;
  readonly #company: Company | undefined;
  #connection: Connection | null = null;
  #again: NodeJS.Timeout | null = null;
  #closed = false;

  /** @throws BelfryError `unavailable` where the company that is there won't do, or what the driver throws. */
  static async take(connect: () => Promise<Connection>, company: Company | undefined): Promise<ProcessLease> {
    for (;;) {
      const lease = new ProcessLease(connect, company, randomInt(1, MOST));
      if (await lease.#take(joinCompany)) return lease;
    }
  }

  private constructor(connect: () => Promise<Connection>, company: Company | undefined, id: number) {
    this.#connect = connect;
    this.#company = company;
    this.id = id;
  }

  /** @throws BelfryError `unavailable`, or what the driver throws, where no answer comes within 2 s. */
  async ask(text: string, values: readonly unknown[] = []): Promise<void> {
    const connection = this.#connection;
    if (connection === null) throw unavailable('The database does not answer.');
    const late = setTimeout(() => connection.destroy(new Error('The connection was destroyed: no answer')), ANSWER_MS);
    try {
      await connection.query(text, values);
    } finally {
      clearTimeout(late);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#again !== null) clearTimeout(this.#again);
    await this.#connection?.close();
  }

  async #take(join: Join): Promise<boolean> {
    const connection = await this.#connect();
    if (this.#company !== undefined) await joined(connection, join, this.#company);
    const { rows } = await connection.query('select pg_try_advisory_lock($1, $2) as taken', [LOCKS.process, this.id]);
    if (rows[0]?.taken !== true || this.#closed) {
      await connection.close();
      return false;
    }
    this.#connection = connection;
    connection.onEnd(() => this.#lost());
    if (connection.isBroken) this.#lost();
    return true;
  }

  #lost(): void {
    this.#connection = null;
    if (!this.#closed) this.#again ??= setTimeout(() => this.#takeAgain(), AGAIN_MS);
  }

  /** For ever. Where the server has not yet noticed that the old connection is gone, the number is not free at once. */
  async #takeAgain(): Promise<void> {
    this.#again = null;
    const taken = await this.#take(rejoinCompany).catch(() => false);
    if (!taken) this.#lost();
  }
}

async function joined(connection: Connection, join: Join, company: Company): Promise<void> {
  try {
    await join(connection, company);
  } catch (error) {
    await connection.close();
    throw error;
  }
}
