import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { findService, NATS, POSTGRES, REDIS, type ServiceKind } from '@belfry/contract-tests/services';

export type ServiceName = 'postgres' | 'redis' | 'nats';

const KINDS: Readonly<Record<ServiceName, ServiceKind>> = { postgres: POSTGRES, redis: REDIS, nats: NATS };

/** Without the addresses that tests may be given: the bench measures only what it has started itself. */
function programOf(name: ServiceName): string | undefined {
  return findService(KINDS[name], { PATH: process.env.PATH });
}

/** Why a service can't be had here; null where it can. */
export function whyMissing(name: ServiceName): string | null {
  const { name: called, program } = KINDS[name];
  return programOf(name) === undefined ? `there is no ${called} here (no program ${program})` : null;
}

/** A program that comes with Postgres, such as `psql`. */
export function postgresTool(name: string): string {
  const program = programOf('postgres');
  if (program === undefined) throw new Error('There is no Postgres here.');
  return join(dirname(program), name);
}

/** Its name and version, as people write them. */
export function serviceVersion(name: ServiceName): string {
  const program = programOf(name) ?? '';
  const said = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '';
  return `${KINDS[name].name} ${/\d+(\.\d+)+/.exec(said)?.[0] ?? 'of unknown version'}`;
}
