import { batch } from './batch.ts';
import { broadcast } from './broadcast.ts';
import { idle } from './idle.ts';
import { oneToOne } from './one-to-one.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [broadcast, oneToOne, idle, batch];

export function scenarioNamed(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
