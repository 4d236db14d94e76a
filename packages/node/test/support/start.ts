import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Caller } from '@belfry/contract-tests/http';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { type Belfry, type BelfryOptions, createBelfry } from '@belfry/node';
import { createServer } from '@belfry/server';
import { SignJWT } from 'jose';

const SECRET = 'a secret for tests, of more than 32 bytes';
const API_KEY = 'bk_test_key_of_more_than_24_characters';

export interface Started {
  url: string;
  port: number;
  /** The client of a service; `requests` has the path of each request it made. */
  client(options?: Partial<BelfryOptions>): Belfry & { requests: string[] };
  service: Caller;
  person(user: string): Promise<Caller>;
  end(): Promise<void>;
  /** After `end`: anew on the same folder and port. */
  again(): Promise<void>;
  stop(): Promise<void>;
}

/** The real server on the real store, in a folder of its own, at a free port. */
export async function start(): Promise<Started> {
  const dir = await mkdtemp(join(tmpdir(), 'belfry-node-'));
  let running = await run(dir, 0);
  const { url, port } = running;
  const clients: Belfry[] = [];
  return {
    url,
    port,
    client: (options = {}) => {
      const requests: string[] = [];
      const counting: typeof fetch = (input, init) => {
        requests.push(`${init?.method} ${new URL(String(input)).pathname}`);
        return fetch(input, init);
      };
      // Back-off as ever, but shorter: a test waits for the server, not for the dice.
      const environment = { random: () => Math.random() / 10 };
      const client = createBelfry({ url, apiKey: API_KEY, fetch: counting, environment, ...options });
      clients.push(client);
      return Object.assign(client, { requests });
    },
    service: new Caller(url, { authorization: `Bearer ${API_KEY}` }),
    person: async (user) => new Caller(url, { authorization: `Bearer ${await tokenFor(user)}` }),
    end: () => running.end(),
    again: async () => {
      running = await run(dir, port);
    },
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await running.end();
      await rm(dir, { recursive: true });
    },
  };
}

async function run(dir: string, port: number) {
  const store = await openSqliteStore({ dir });
  const auth = { jwt: { secret: SECRET }, apiKey: API_KEY };
  const server = createServer({ store, auth, drainMs: 0 });
  const address = await server.listen('127.0.0.1', port);
  const end = async (): Promise<void> => {
    await server.stop();
    await store.close();
  };
  return { ...address, end };
}

function tokenFor(sub: string): Promise<string> {
  const signing = new SignJWT({ sub }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h');
  return signing.sign(new TextEncoder().encode(SECRET));
}
