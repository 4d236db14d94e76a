import { afterAll, beforeAll } from 'vitest';
import type { HttpHarness, HttpSettings, StartHttp } from './harness.ts';
import { World } from './world.ts';

/** Several processes and their services take their time to start where the machine is busy. */
const START_MS = 60_000;

/** A tenant of its own on the suite's server. */
export type NewWorld = () => World;

/** One server for a suite, started before its tests and stopped after them. */
export function worldsOn(start: StartHttp, settings: HttpSettings = {}): NewWorld {
  let harness: HttpHarness;
  beforeAll(async () => {
    harness = await start(settings);
  }, START_MS);
  afterAll(() => harness?.stop());
  return () => new World(harness);
}
