import {
  Authority,
  type Certificate,
  NATS,
  POSTGRES,
  REDIS,
  type Service,
  type ServiceKind,
  startNats,
  startPostgres,
  startRedis,
} from '@belfry/contract-tests/services';
import { afterAll, beforeAll } from 'vitest';
import type { BusSetting } from './bus-member.ts';

/** What carries a bus, and speaks TLS. */
export interface TlsEngine {
  kind: ServiceKind;
  /** It shows this certificate, and asks for the password `secret`. */
  start(certificate: Certificate): Promise<Service>;
  /** @param authority the file of the one to trust; left out: those that Node knows. */
  setting(port: number, authority?: string): BusSetting;
  /** The setting that names it. */
  named: string;
  /** How many pieces it says in the clear, before TLS. */
  clear: number;
}

export const TLS_ENGINES: TlsEngine[] = [
  {
    kind: REDIS,
    start: (certificate) => startRedis(['--requirepass', 'secret'], certificate),
    setting: (port, authority) => ({ bus: trusting(`rediss://:secret@127.0.0.1:${port}`, authority) }),
    named: 'BELFRY_BUS',
    clear: 0,
  },
  {
    kind: NATS,
    start: (certificate) => startNats(['--user', 'me', '--pass', 'secret'], certificate),
    setting: (port, authority) => ({ bus: trusting(`tls://me:secret@127.0.0.1:${port}`, authority) }),
    named: 'BELFRY_BUS',
    clear: 1,
  },
  {
    kind: POSTGRES,
    start: (certificate) => startPostgres({ certificate }),
    setting: (port, authority) => ({ bus: 'postgres', databaseUrl: databaseUrl(port, authority) }),
    named: 'DATABASE_URL',
    clear: 1,
  },
];

function trusting(url: string, authority: string | undefined): string {
  return authority === undefined ? url : `${url}?sslrootcert=${authority}`;
}

function databaseUrl(port: number, authority: string | undefined): string {
  const mode = authority === undefined ? 'require' : `verify-full&sslrootcert=${authority}`;
  return `postgres://belfry:secret@127.0.0.1:${port}/postgres?sslmode=${mode}`;
}

/** One for all tests around, with a certificate of an authority of its own. */
export function oneWithTls(start: (authority: Authority) => Promise<Service>) {
  let authority: Authority;
  let service: Service;
  beforeAll(async () => {
    authority = new Authority();
    service = await start(authority);
  });
  afterAll(async () => {
    await service?.dispose();
    authority?.dispose();
  });
  return {
    get authority() {
      return authority;
    },
    get service() {
      return service;
    },
  };
}
