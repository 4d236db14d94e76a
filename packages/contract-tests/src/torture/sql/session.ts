import pg from 'pg';

const CONNECT_MS = 3_000;

/** One of the application's own connections to the database. */
export class SqlSession {
  readonly #client: pg.Client;
  /** Gone for good: nothing else can be sent. */
  isOver = false;

  /** Null where the database can't be reached now. */
  static async open(url: string): Promise<SqlSession | null> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
    const session = new SqlSession(client);
    try {
      await client.connect();
      return session;
    } catch {
      await session.close();
      return null;
    }
  }

  private constructor(client: pg.Client) {
    this.#client = client;
    client.on('error', () => {
      this.isOver = true;
    });
    client.on('end', () => {
      this.isOver = true;
    });
  }

  /** @throws what the driver throws. */
  async run(text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    return this.#client.query(text, [...values]);
  }

  /** Without waiting for the server. */
  async close(): Promise<void> {
    this.isOver = true;
    await this.#client.end().catch(() => {});
  }
}

/** A refusal of a statement that came whole: not that the session or the server ended. */
export function isRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR' && !/^(57P|08)/.test(error.code ?? '');
}
