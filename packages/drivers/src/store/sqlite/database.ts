import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** Prepared statements kept by their text. What varies in length is one JSON parameter, so there are few texts. */
const MAX_STATEMENTS = 500;

/** One connection, with its statements prepared once. */
export class SqliteDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, options: { readOnly?: boolean; busyTimeoutMs?: number } = {}) {
    const { readOnly = false, busyTimeoutMs = 5_000 } = options;
    this.#database = new DatabaseSync(file, { readOnly, timeout: busyTimeoutMs });
  }

  /** False also where an error has made SQLite end the transaction by itself. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#database.prepare(sql);
    if (this.#statements.size >= MAX_STATEMENTS) this.#forgetOldest();
    this.#statements.set(sql, prepared);
    return prepared;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #forgetOldest(): void {
    const [oldest] = this.#statements.keys();
    if (oldest !== undefined) this.#statements.delete(oldest);
  }
}
