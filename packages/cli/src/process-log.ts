import type { Log } from '@belfry/server';
import { pino } from 'pino';

/** Lines of JSON on stdout. What could hold a credential never gets here; the names are masked all the same. */
export function createLog(level: string, worker: number | null = null): Log {
  const base = worker === null ? null : { worker, pid: process.pid };
  return pino({ level, base, redact: ['token', 'secret', 'authorization', 'cookie', '*.token', '*.secret'] });
}
