import { Socket } from 'node:net';
import type { BelfryError } from '@belfry/protocol';
import pg from 'pg';
import { withStrictModes } from '../../strict-modes.ts';
import { distrusted } from '../distrust.ts';
import { reasonOf, refused, unreachable } from '../failures.ts';
import type { Link } from '../supervisor.ts';

const CONNECT_MS = 2_000;

/** The server notices within some 11 s that we went without a goodbye, as for the sessions of the store. */
const KEEPALIVE_SQL =
  'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; set tcp_user_timeout = 11000';

export interface PostgresEnds {
  onPayload(payload: string): void;
  onDown(reason: string): void;
}

/** Two connections: notifications are heard on one while the other waits for a commit. */
export interface PostgresLink extends Link {
  /** One statement, and so one commit, for all payloads. */
  notify(channel: string, payloads: readonly string[]): Promise<unknown>;
}

export async function connectPostgres(
  url: string,
  channel: string,
  ends: PostgresEnds,
  signal: AbortSignal,
): Promise<PostgresLink> {
  const listener = new Connection(url, ends);
  const sender = new Connection(url, ends);
  const drop = () => {
    listener.destroy();
    sender.destroy();
  };
  signal.addEventListener('abort', drop);
  try {
    if (signal.aborted) drop();
    await Promise.all([listener.client.connect(), sender.client.connect()]);
    listener.client.on('notification', ({ payload }) => ends.onPayload(payload ?? ''));
    await Promise.all([listener.client.query(KEEPALIVE_SQL), sender.client.query(KEEPALIVE_SQL)]);
    await listener.client.query(`listen ${channel}`);
    // A notification is gone with a crash either way: the commit that carries it need not wait for the disk, least of
    // all while it holds the one lock that all commits with notifications share.
    await sender.client.query('set synchronous_commit = off');
  } catch (error) {
    drop();
    throw asRefusal(listener.client, error);
  } finally {
    signal.removeEventListener('abort', drop);
  }
  return {
    // Named, so that it is parsed once a connection.
    notify: (to, payloads) =>
      sender.client.query({
        name: 'belfry_notify',
        text: 'select pg_notify($1, payload) from unnest($2::text[]) payload',
        values: [to, payloads],
      }),
    ping: () => Promise.all([listener.client.query('select 1'), sender.client.query('select 1')]),
    end: () => Promise.all([listener.client.end(), sender.client.end()]),
    destroy: drop,
  };
}

/** A client and the socket under it, which outlives the client's own ideas of an end. */
class Connection {
  readonly client: pg.Client;
  readonly #socket = new Socket();

  constructor(url: string, { onDown }: PostgresEnds) {
    this.client = new pg.Client({
      connectionString: withStrictModes(url),
      application_name: 'belfry-bus',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
      stream: () => this.#socket,
    });
    this.client.on('error', (error) => onDown(error.message));
    this.client.on('end', () => onDown('Postgres closed the connection'));
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** Class 28: the role, the password, or pg_hba.conf. */
function asRefusal({ host, port }: pg.Client, error: unknown): BelfryError {
  const { code } = error as { code?: string };
  const shown = `${host}:${port}`;
  if (code?.startsWith('28')) return refused('Postgres', shown, 'DATABASE_URL');
  const distrust = distrusted('Postgres', shown, 'DATABASE_URL', error);
  return distrust ?? unreachable('Postgres', shown, 'DATABASE_URL', new Error(reasonOf(error)));
}
