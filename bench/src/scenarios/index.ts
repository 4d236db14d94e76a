import { batch } from './batch.ts';
import { broadcast } from './broadcast.ts';
import { connections } from './connections.ts';
import { idle } from './idle.ts';
import { oneToOne } from './one-to-one.ts';
import { postgresBatch } from './postgres-batch.ts';
import { postgresSingle } from './postgres-single.ts';
import { relay } from './relay.ts';
import { runLines } from './run-lines.ts';
import type { Scenario } from './scenario.ts';
import { sdk } from './sdk.ts';

export const SCENARIOS: readonly Scenario[] = [
  broadcast,
  oneToOne,
  sdk,
  idle,
  batch,
  postgresBatch,
  postgresSingle,
  relay,
  connections,
  runLines,
];

export function scenarioNamed(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
