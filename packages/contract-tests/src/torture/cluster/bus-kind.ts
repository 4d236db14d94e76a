import { NATS, POSTGRES, REDIS, type Service, type ServiceKind, startNats, startRedis } from '../../services/index.ts';
import { programOf } from '../../services/programs.ts';
import type { Random } from '../random.ts';

export type BusKind = 'postgres' | 'redis' | 'nats';

const NEEDED: Record<BusKind, ServiceKind> = { postgres: POSTGRES, redis: REDIS, nats: NATS };

/** One that runs already, by its address, is not for harming. */
export function canStart(kind: ServiceKind): boolean {
  return programOf(kind) !== undefined;
}

/** One of those that can be started here. */
export function drawBus(random: Random): BusKind {
  const kinds = (['postgres', 'redis', 'nats'] as const).filter((kind) => canStart(NEEDED[kind]));
  return random.pick(kinds);
}

/** Null where the processes talk through the database that they have anyway. */
export async function startBus(kind: BusKind): Promise<Service | null> {
  if (kind === 'postgres') return null;
  return kind === 'redis' ? startRedis() : startNats();
}
