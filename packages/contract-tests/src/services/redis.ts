import { Daemon, freePort, spawnAs } from './daemon.ts';
import { programOf, REDIS } from './programs.ts';
import { type Service, serviceOf } from './service.ts';

/** A Redis of its own for whoever calls. It keeps nothing. */
export async function startRedis(args: readonly string[] = []): Promise<Service> {
  const program = programOf(REDIS);
  if (program === undefined) throw new Error('There is no redis-server program on this machine.');
  const port = await freePort();
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const daemon = new Daemon(port, () => spawnAs(null, program, [...fixed, ...args]));
  await daemon.start();
  return serviceOf(daemon, `redis://127.0.0.1:${port}`);
}
