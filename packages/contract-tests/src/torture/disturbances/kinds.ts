import type { BusKind } from '../cluster/bus-kind.ts';
import type { Draw } from './disturbance.ts';
import { cut, loseAnswers, loseApplicationAnswers, slow, stall } from './links.ts';
import { clock, crash, freeze, kill, terminate } from './processes.ts';
import { cutFront, stopReading } from './readers.ts';
import { flushRedis, restartBus, restartFast, restartImmediate } from './services.ts';

const EVERYWHERE: Record<string, Draw> = {
  kill,
  'kill between commit and answer': crash,
  terminate,
  'stand still': freeze,
  'wrong clock': clock,
  'Postgres restart, fast': restartFast,
  'Postgres restart, immediate': restartImmediate,
  'database cut': cut('database'),
  'database stalled': stall('database'),
  'database slow': slow('database'),
  'bus cut': cut('bus'),
  'bus stalled': stall('bus'),
  'bus slow': slow('bus'),
  'database answers lost': loseAnswers,
  'application answers lost': loseApplicationAnswers,
  'reader stops': stopReading,
  'all readers cut': cutFront,
};

const BY_BUS: Record<BusKind, Record<string, Draw>> = {
  postgres: {},
  redis: { 'bus restart': restartBus, 'Redis flush': flushRedis },
  nats: { 'bus restart': restartBus },
};

/** Everything that can go wrong, by its name. */
export function kindsFor(bus: BusKind): Record<string, Draw> {
  return { ...EVERYWHERE, ...BY_BUS[bus] };
}
