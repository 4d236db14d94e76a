import type { Run } from '@belfry/protocol';
import { expect } from 'vitest';
import type { World } from './world.ts';

export async function newRun(world: World, to: string | string[], more: Record<string, unknown> = {}): Promise<Run> {
  const answer = await world.service.post('/v1/runs', { to, kind: 'build', title: 'A build', ...more });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as Run;
}

export async function log(world: World, { id }: Run, ...texts: string[]): Promise<string> {
  const answer = await world.service.post(`/v1/runs/${id}/logs`, { lines: texts.map((text) => ({ text })) });
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return (answer.body as { cursor: string }).cursor;
}

export async function change(world: World, { id }: Run, patch: object): Promise<Run> {
  const answer = await world.service.patch(`/v1/runs/${id}`, patch);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as Run;
}
