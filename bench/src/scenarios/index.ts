import { batch } from './batch.ts';
import { broadcast } from './broadcast.ts';
import { codings } from './codings.ts';
import { connections } from './connections.ts';
import { connects } from './connects.ts';
import { deliveries } from './deliveries.ts';
import { generator } from './generator.ts';
import { growthChannels, growthRows, growthSubscribers, growthTenants } from './growth.ts';
import { idle } from './idle.ts';
import { inbox } from './inbox.ts';
import { oneToOne } from './one-to-one.ts';
import { postgresBatch } from './postgres-batch.ts';
import { postgresSingle } from './postgres-single.ts';
import { relay, relaySpread } from './relay.ts';
import { runLines } from './run-lines.ts';
import type { Scenario } from './scenario.ts';
import { sdk } from './sdk.ts';
import { slowReaders } from './slow-readers.ts';
import { start } from './start.ts';
import { storm } from './storm.ts';
import { workers } from './workers.ts';

export const SCENARIOS: readonly Scenario[] = [
  broadcast,
  oneToOne,
  sdk,
  idle,
  connects,
  storm,
  slowReaders,
  inbox,
  start,
  batch,
  postgresBatch,
  postgresSingle,
  relay,
  relaySpread,
  workers,
  connections,
  runLines,
  deliveries,
  growthSubscribers,
  growthChannels,
  growthTenants,
  growthRows,
  codings,
  generator,
];

export function scenarioNamed(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
