import type { Connection } from './connection.ts';
import { isStale, translated, unavailable } from './failures.ts';

const MAX_WAITING = 20_000;
export const WAIT_MS = 10_000;

/** Opens a connection; the signal gives it up while that is under way. */
export type Connect = (signal: AbortSignal) => Promise<Connection>;

interface Waiting {
  resolve(connection: Connection): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** A few connections for many users, each for one at a time. They are opened when first needed and then kept. */
export class Pool {
  readonly #connect: Connect;
  readonly #size: number;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #opening = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(connect: Connect, size: number) {
    this.#connect = connect;
    this.#size = size;
  }

  /** Whether who comes now has a connection without waiting for anyone. */
  get hasRoom(): boolean {
    return this.#idle.length > 0 || this.#all.size + this.#opening.size < this.#size;
  }

  /** Whether somebody waits for a connection. */
  get isAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Gives the work a connection that is outside of any transaction, and takes it back when all it sent was answered.
   * What is urgent is before all that wait.
   *
   * @throws BelfryError `unavailable` where none can be had; else what the work throws.
   */
  async use<Result>(work: (connection: Connection) => Promise<Result>, { isUrgent = false } = {}): Promise<Result> {
    const connection = await this.#acquire(isUrgent);
    try {
      return await orStale(connection, work(connection));
    } finally {
      void connection.settled().then(() => this.#release(connection));
    }
  }

  /** Lets go of idle ones politely, and at once of busy ones and of those that are just being opened. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#rejectWaiting(unavailable('The database is closed.'));
    const idle = new Set(this.#idle.splice(0));
    for (const connection of this.#all) if (!idle.has(connection)) connection.destroy();
    await Promise.all([...[...idle].map((connection) => connection.close()), ...this.#opening]);
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  #acquire(isUrgent: boolean): Promise<Connection> {
    if (this.#closed) return Promise.reject(unavailable('The database is closed.'));
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isBroken) return Promise.resolve(idle);
    }
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(unavailable('The database is behind. Try again in a moment.'));
    }
    const waiting = this.#wait(isUrgent);
    if (this.#all.size + this.#opening.size < this.#size) this.#openOne();
    return waiting;
  }

  #wait(isUrgent: boolean): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const late = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(unavailable('All connections to the database are busy. Try again in a moment.'));
      };
      const waiting: Waiting = { resolve, reject, timer: setTimeout(late, WAIT_MS) };
      if (isUrgent) this.#waiting.unshift(waiting);
      else this.#waiting.push(waiting);
    });
  }

  #openOne(): void {
    const opening = this.#connect(this.#closing.signal).then(
      (connection) => {
        this.#opening.delete(opening);
        this.#add(connection);
      },
      (error: unknown) => {
        this.#opening.delete(opening);
        // While others are open, those who wait will get one of these.
        if (this.#all.size === 0) this.#rejectWaiting(translated(error));
      },
    );
    this.#opening.add(opening);
  }

  #add(connection: Connection): void {
    this.#all.add(connection);
    connection.onEnd(() => this.#forget(connection));
    if (connection.isBroken || this.#closed) {
      connection.destroy();
      this.#forget(connection);
    } else {
      this.#offer(connection);
    }
  }

  #release(connection: Connection): void {
    if (!this.#closed && connection.isIdle) {
      this.#offer(connection);
    } else {
      connection.destroy();
      this.#forget(connection);
    }
  }

  #offer(connection: Connection): void {
    const next = this.#waiting.shift();
    if (!next) return void this.#idle.push(connection);
    clearTimeout(next.timer);
    next.resolve(connection);
  }

  #forget(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    if (this.#waiting.length > 0 && !this.#closed) this.#openOne();
  }

  #rejectWaiting(error: Error): void {
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(error);
    }
  }
}

/**
 * What a session has prepared that is of no use any more ends with it; not before all is answered that was sent behind it
 * meanwhile, or nobody would know whether that was committed.
 */
export async function orStale<Result>(connection: Connection, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (isStale(error)) connection.wear();
    throw error;
  }
}
