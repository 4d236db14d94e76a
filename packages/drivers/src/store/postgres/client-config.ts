import type { Socket } from 'node:net';
import type { ClientConfig } from 'pg';
import { withStrictModes } from '../../strict-modes.ts';
import type { Pg } from './load-pg.ts';
import { CONNECT_MS } from './session.ts';

const KEEP_ALIVE_MS = 10_000;
const INT8 = 20;

/** The socket stays in our hands: to send packets when we like, and to destroy it. */
export function clientConfig(pg: Pg, url: string, socket: Socket): ClientConfig {
  return {
    connectionString: withStrictModes(url),
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: CONNECT_MS,
    fallback_application_name: 'belfry',
    stream: () => socket,
    types: { getTypeParser: typeParsers(pg) },
  };
}

/** Numbers here are far below 2^53. */
function typeParsers(pg: Pg): Pg['types']['getTypeParser'] {
  const parser = (type: number, format?: 'text') => (type === INT8 ? Number : pg.types.getTypeParser(type, format));
  return parser as Pg['types']['getTypeParser'];
}
