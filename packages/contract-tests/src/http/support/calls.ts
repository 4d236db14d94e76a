import { expect } from 'vitest';
import type { World } from './world.ts';

export interface Call {
  method: string;
  path: string;
  hasBody: boolean;
  /** Names of its query parameters. */
  query: string[];
  /** Its query with what it can't do without, as `?name=…`; empty where there is none. */
  leastQuery: string;
}

interface Operation {
  requestBody?: unknown;
  /** Empty: its address is its credential. */
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean }[];
}

/** Every call there is that asks who it is, as the server's own description lists them. */
export async function callsOf(world: World): Promise<Call[]> {
  const { body, status } = await world.anyone.get('/openapi.json');
  expect(status).toBe(200);
  const { paths } = body as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { security }]) => security?.length !== 0)
      .map(([method, { requestBody, parameters = [] }]) => ({
        method: method.toUpperCase(),
        path,
        hasBody: requestBody !== undefined,
        query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
        leastQuery: leastQuery(parameters.filter((one) => one.in === 'query' && one.required).map(({ name }) => name)),
      })),
  );
}

/** Something that each of them takes. */
const EXAMPLES: Record<string, string> = { channel: 'topic:x', name: 'topic:x', user: 'ada' };

function leastQuery(names: readonly string[]): string {
  const examples = names.map((name) => [name, EXAMPLES[name] ?? 'x'] as [string, string]);
  return examples.length === 0 ? '' : `?${new URLSearchParams(examples)}`;
}
