import { anyService, POSTGRES, startPostgres } from '@belfry/contract-tests/services';
import { Client } from 'pg';

export { isMissing, POSTGRES } from '@belfry/contract-tests/services';

/** A server to make databases in, and to let alone otherwise. */
export interface TestServer {
  /** Of the account that may do everything. */
  url: string;
  dispose(): Promise<void>;
}

export function anyServer(): Promise<TestServer> {
  return anyService(POSTGRES, () => startPostgres());
}

let made = 0;

/** Makes an empty database and says its address. */
export async function makeDatabase(adminUrl: string, options = ''): Promise<string> {
  made += 1;
  const name = `belfry_test_${process.pid}_${made}_${crypto.randomUUID().slice(0, 8)}`;
  await sqlOn(adminUrl, `create database ${name} ${options}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function dropDatabase(adminUrl: string, url: string): Promise<void> {
  await sqlOn(adminUrl, `drop database ${new URL(url).pathname.slice(1)} with (force)`);
}

/** Asks in a session of its own. */
export async function sqlOn(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
