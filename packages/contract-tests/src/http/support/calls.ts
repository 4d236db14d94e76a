import { expect } from 'vitest';
import type { World } from './world.ts';

export interface Call {
  method: string;
  path: string;
  hasBody: boolean;
  /** Names of its query parameters. */
  query: string[];
}

interface Operation {
  requestBody?: unknown;
  parameters?: { name: string; in: string }[];
}

/** Every call there is, as the server's own description lists them. */
export async function callsOf(world: World): Promise<Call[]> {
  const { body, status } = await world.anyone.get('/openapi.json');
  expect(status).toBe(200);
  const { paths } = body as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { requestBody, parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      hasBody: requestBody !== undefined,
      query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
    })),
  );
}
