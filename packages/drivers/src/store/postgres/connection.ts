import { Socket } from 'node:net';
import type { Client } from 'pg';
import { clientConfig } from './client-config.ts';
import { stateOf } from './failures.ts';
import type { Pg } from './load-pg.ts';
import { PlanAge } from './plan-age.ts';
import { SESSION_SQL, SILENCE_MS } from './session.ts';
import type { StatementNames } from './statement-names.ts';
import { checked, type Value } from './values.ts';

const CLOSE_MS = 2_000;
const TRANSACTION_FAILED = '25P02';

/** A text and the values of its `$1`, `$2`…. */
export type Statement = readonly [text: string, values?: readonly unknown[]];

export interface Answer {
  rows: Record<string, unknown>[];
  /** What the server says it did: `COMMIT`, `INSERT`. */
  command: string;
  rowCount: number;
}

/** What the sessions of a store have in common. */
export interface Shared {
  names: StatementNames;
  /** Told of every answer, so that a store can see whether the server still does something. */
  onAnswer(): void;
}

/**
 * One session. Statements are sent at once, without waiting for the answers to earlier ones, and what is sent in one
 * turn goes in one packet. A server that stays silent for too long is given up: the socket is destroyed, and all that
 * waits for an answer fails.
 */
export class Connection {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #shared: Shared;
  readonly #silence: NodeJS.Timeout;
  #unanswered = 0;
  #sent = 0;
  #quiet: (() => void)[] = [];
  #corked = false;
  #broken: Error | null = null;
  /** What the server refused last, other than because of something before it. */
  #refusal: unknown = null;
  #isPatient = false;
  #isWorn = false;
  readonly #plans = new PlanAge();

  /**
   * @param signal gives it up while it is being opened.
   * @throws what the driver throws.
   */
  static async open(pg: Pg, url: string, shared: Shared, signal?: AbortSignal): Promise<Connection> {
    const socket = new Socket();
    const client = new pg.Client(clientConfig(pg, url, socket));
    const connection = new Connection(client, socket, shared);
    const giveUp = () => connection.destroy(new Error('The connection was destroyed: it is not needed any more'));
    signal?.addEventListener('abort', giveUp);
    try {
      signal?.throwIfAborted();
      await client.connect();
      await connection.query(SESSION_SQL);
      return connection;
    } catch (error) {
      connection.destroy(error as Error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  private constructor(client: Client, socket: Socket, shared: Shared) {
    this.#client = client;
    this.#socket = socket;
    this.#shared = shared;
    this.#silence = setTimeout(() => this.#onSilence(), SILENCE_MS);
    this.#silence.unref();
    client.on('error', (error) => this.#break(error));
    client.on('end', () => this.#break(new Error('Connection terminated')));
  }

  get isBroken(): boolean {
    return this.#broken !== null;
  }

  /** @throws why it was lost. */
  assertOpen(): void {
    if (this.#broken !== null) throw this.#broken;
  }

  /** Idle: outside of any transaction, and nothing is under way. */
  get isIdle(): boolean {
    const client = this.#client as Client & { getTransactionStatus(): string | null };
    return this.#broken === null && !this.#isWorn && this.#unanswered === 0 && client.getTransactionStatus() === 'I';
  }

  /** The number of the statement that was sent last, as long as it is not answered; null: nothing may be sent behind it. */
  get newest(): number | null {
    return this.#unanswered === 0 || this.#isWorn ? null : this.#sent;
  }

  /** It is not to be used again: what was sent is answered, and then it counts as busy for ever. */
  wear(): void {
    this.#isWorn = true;
  }

  /** To stand behind a BEGIN, in the same text: mostly nothing. */
  get renewal(): string {
    return this.#plans.renewal(performance.now());
  }

  /** From now on no silence is too long: for work that takes the time it takes. */
  bePatient(): void {
    this.#isPatient = true;
  }

  /** Called once, when it is lost or closed. */
  onEnd(listener: () => void): void {
    this.#client.once('end', listener);
  }

  /** A text without values may be several statements; the answer is to the last. */
  async query(text: string, values: readonly unknown[] = []): Promise<Answer> {
    return this.#send(text, values.map(checked));
  }

  /**
   * Sends all of them together and waits for every answer. Nothing is sent where one has a value that can't be.
   *
   * @throws what the first that failed was answered with.
   */
  async batch(statements: readonly Statement[]): Promise<Answer[]> {
    const answers = await this.sendAll(statements);
    return answers.map((answer) => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  }

  async sendAll(statements: readonly Statement[]): Promise<PromiseSettledResult<Answer>[]> {
    const all = statements.map(([text, values = []]) => [text, values.map(checked)] as const);
    return Promise.allSettled(all.map(([text, values]) => this.#send(text, values)));
  }

  /** Sends at once what this turn has gathered: the server works on it while we go on. */
  flush(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#socket.uncork();
  }

  /** Once everything sent was answered. */
  async settled(): Promise<void> {
    if (this.#unanswered > 0) await new Promise<void>((resolve) => this.#quiet.push(resolve));
  }

  /** Says goodbye; a server that doesn't react within 2 s is left without. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.destroy(), CLOSE_MS);
    await this.#client.end().catch(() => {});
    clearTimeout(timer);
    this.destroy();
  }

  destroy(reason: Error = new Error('The connection was destroyed')): void {
    this.#break(reason);
    this.#socket.destroy();
  }

  #send(text: string, values: Value[]): Promise<Answer> {
    if (this.#broken !== null) return Promise.reject(this.#broken);
    const name = values.length === 0 ? undefined : this.#shared.names.of(text);
    const config = name === undefined ? { text, values } : { text, values, name };
    this.#cork();
    // What is asked again and again must not put off the end of a silence.
    if (this.#unanswered === 0) this.#silence.refresh();
    this.#unanswered += 1;
    this.#sent += 1;
    return new Promise((resolve, reject) => {
      this.#client.query(config, (error: unknown, answer: unknown) => {
        this.#answered();
        if (error) reject(this.#reasonFor(error));
        else resolve(lastOf(answer as Answer | Answer[]));
      });
    });
  }

  /** All that is sent behind a statement that fails in a transaction fails too: by what that failed by, and is judged by it. */
  #reasonFor(error: unknown): unknown {
    const state = stateOf(error);
    if (state === undefined) return this.#broken ?? error;
    if (state !== TRANSACTION_FAILED) this.#refusal = error;
    return this.#refusal ?? error;
  }

  #onSilence(): void {
    if (this.#unanswered > 0 && !this.#isPatient)
      this.destroy(new Error('The connection was destroyed: no answer in time'));
  }

  #answered(): void {
    this.#shared.onAnswer();
    this.#unanswered -= 1;
    if (this.#unanswered > 0) return void this.#silence.refresh();
    for (const listener of this.#quiet.splice(0)) listener();
  }

  /** Every statement would be a packet of its own. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    process.nextTick(() => this.flush());
  }

  #break(reason: Error): void {
    this.#broken ??= reason;
    clearTimeout(this.#silence);
  }
}

/** A text of several statements is answered to each. */
function lastOf(answer: Answer | Answer[]): Answer {
  return Array.isArray(answer) ? (answer.at(-1) as Answer) : answer;
}
