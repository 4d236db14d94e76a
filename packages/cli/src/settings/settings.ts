import type { Retention } from '@belfry/core';
import type { ServerOptions } from '@belfry/server';
import { settingsLookup } from './config-file.ts';
import {
  bearerSecret,
  type Lookup,
  oneOf,
  origins,
  SettingError,
  secret,
  serviceAddress,
  text,
  webAddress,
  wholeNumber,
} from './readers.ts';

const BUS_SCHEMES = ['redis', 'rediss', 'nats', 'tls'];
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export interface Settings {
  host: string;
  port: number;
  dataDir: string;
  /** A Postgres in place of the embedded database in `dataDir`. Holds a password as a rule. */
  databaseUrl: string | undefined;
  /** `local`, `postgres`, or the address of a Redis or a NATS. */
  bus: string;
  logLevel: (typeof LOG_LEVELS)[number];
  server: Pick<ServerOptions, 'auth' | 'corsOrigins' | 'hub' | 'drainMs' | 'webhooks' | 'metrics' | 'compression'> & {
    retention: Retention;
  };
}

/** Every setting there is. Kept beside the reading of them, so that a typing error in a config file is told. */
const NAMES = new Set([
  'BELFRY_HOST',
  'BELFRY_PORT',
  'BELFRY_DATA_DIR',
  'DATABASE_URL',
  'BELFRY_BUS',
  'BELFRY_JWT_SECRET',
  'BELFRY_JWKS_URL',
  'BELFRY_JWT_ISSUER',
  'BELFRY_JWT_AUDIENCE',
  'BELFRY_API_KEY',
  'BELFRY_CORS_ORIGINS',
  'BELFRY_HEARTBEAT_MS',
  'BELFRY_RUN_HEARTBEAT_MS',
  'BELFRY_STREAM_LIFETIME_MS',
  'BELFRY_DRAIN_MS',
  'BELFRY_RETENTION_HOURS',
  'BELFRY_RETENTION_MB',
  'BELFRY_RUN_LOGS_MB',
  'BELFRY_INBOX_DAYS',
  'BELFRY_INBOX_ITEMS',
  'BELFRY_CLOSED_DAYS',
  'BELFRY_WEBHOOK_PRIVATE',
  'BELFRY_METRICS',
  'BELFRY_COMPRESSION',
  'BELFRY_LOG_LEVEL',
]);

/** What else stands in environments: other commands' own, and the tests'. */
const ELSEWHERE = new Set([
  'BELFRY_CONFIG',
  'BELFRY_URL',
  'BELFRY_TENANT',
  'BELFRY_TOKEN',
  'BELFRY_SEED',
  'BELFRY_CHROMIUM',
  'BELFRY_NGINX',
  'BELFRY_OPENSSL',
  'BELFRY_FONTS',
  'BELFRY_RENEW_PICTURES',
  'BELFRY_TEST_COUNTS',
  'BELFRY_TEST_POSTGRES_URL',
  'BELFRY_TEST_REDIS_URL',
  'BELFRY_TEST_NATS_URL',
]);

/** Names in the environment that look like settings of Belfry and are none. */
export function misspelt(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter((name) => name.startsWith('BELFRY_') && !NAMES.has(name) && !ELSEWHERE.has(name));
}

const DAY_MS = 24 * 3_600_000;

/** @throws SettingError at the first setting that won't do. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const lookup = settingsLookup(env, NAMES);
  const databaseUrl = serviceAddress(lookup, 'DATABASE_URL', ['postgres', 'postgresql']);
  return {
    host: text(lookup, 'BELFRY_HOST', '127.0.0.1'),
    port: wholeNumber(lookup, 'BELFRY_PORT', 4400, 0, 65_535),
    dataDir: text(lookup, 'BELFRY_DATA_DIR', '.belfry'),
    databaseUrl,
    bus: readBus(lookup, databaseUrl),
    logLevel: oneOf(lookup, 'BELFRY_LOG_LEVEL', 'info', LOG_LEVELS),
    server: {
      auth: readAuth(lookup),
      corsOrigins: origins(lookup, 'BELFRY_CORS_ORIGINS'),
      hub: {
        heartbeatMs: wholeNumber(lookup, 'BELFRY_HEARTBEAT_MS', 25_000, 100, 600_000),
        runHeartbeatMs: wholeNumber(lookup, 'BELFRY_RUN_HEARTBEAT_MS', 5_000, 100, 600_000),
        lifetimeMs: wholeNumber(lookup, 'BELFRY_STREAM_LIFETIME_MS', 15 * 60_000, 0, DAY_MS),
      },
      webhooks: { private: oneOf(lookup, 'BELFRY_WEBHOOK_PRIVATE', 'refuse', ['allow', 'refuse']) },
      metrics: oneOf(lookup, 'BELFRY_METRICS', 'key', ['key', 'open']),
      compression: oneOf(lookup, 'BELFRY_COMPRESSION', 'off', ['off', 'on']),
      drainMs: wholeNumber(lookup, 'BELFRY_DRAIN_MS', 10_000, 0, 600_000),
      retention: {
        maxAgeMs: wholeNumber(lookup, 'BELFRY_RETENTION_HOURS', 72, 1, 87_600) * 3_600_000,
        maxBytes: wholeNumber(lookup, 'BELFRY_RETENTION_MB', 1_024, 1, 1_048_576) * 1_048_576,
        maxRunBytes: wholeNumber(lookup, 'BELFRY_RUN_LOGS_MB', 4_096, 1, 1_048_576) * 1_048_576,
        inboxMs: wholeNumber(lookup, 'BELFRY_INBOX_DAYS', 365, 1, 36_500) * DAY_MS,
        inboxItems: wholeNumber(lookup, 'BELFRY_INBOX_ITEMS', 1_000_000, 1, 1_000_000_000),
        closedMs: wholeNumber(lookup, 'BELFRY_CLOSED_DAYS', 30, 1, 36_500) * DAY_MS,
      },
    },
  };
}

/** Where only people, or only services, can sign in: who can't, and what to set. Null: both can. */
export function shutOut({ server: { auth } }: Settings): string | null {
  if (auth?.apiKey === undefined) {
    return 'BELFRY_API_KEY is not set: a service can only sign in with a key that belfry keys add has made';
  }
  if (auth.jwt?.secret !== undefined || auth.jwt?.jwksUrl !== undefined) return null;
  return 'neither BELFRY_JWT_SECRET nor BELFRY_JWKS_URL is set: people cannot sign in';
}

/** @throws SettingError where nobody could sign in. */
export function requireAuthentication({ server: { auth } }: Settings): void {
  if (auth?.apiKey !== undefined || auth?.jwt?.secret !== undefined || auth?.jwt?.jwksUrl !== undefined) return;
  throw new SettingError(
    'Belfry has no way to tell who is who. Set BELFRY_JWT_SECRET (or BELFRY_JWKS_URL) for people and BELFRY_API_KEY for services; to look around without any, run: belfry dev',
  );
}

function readAuth(lookup: Lookup): NonNullable<ServerOptions['auth']> {
  const jwt = {
    secret: secret(lookup, 'BELFRY_JWT_SECRET', 32),
    jwksUrl: webAddress(lookup, 'BELFRY_JWKS_URL'),
    issuer: lookup('BELFRY_JWT_ISSUER'),
    audience: lookup('BELFRY_JWT_AUDIENCE'),
  };
  const apiKey = bearerSecret(lookup, 'BELFRY_API_KEY', 24);
  return { jwt: present(jwt), ...(apiKey === undefined ? {} : { apiKey }) };
}

/** Several processes on one Postgres are usual, so there they hear of each other unless told not to. */
function readBus(lookup: Lookup, databaseUrl: string | undefined): string {
  const given = lookup('BELFRY_BUS') ?? (databaseUrl === undefined ? 'local' : 'postgres');
  const bus = serviceAddress(() => given, 'BELFRY_BUS', BUS_SCHEMES, ['postgres', 'local']);
  if (bus === undefined || bus === 'local' || databaseUrl !== undefined) return bus ?? 'local';
  throw new SettingError(
    'BELFRY_BUS connects processes that share a Postgres, and the embedded database belongs to one process. Set DATABASE_URL too, or leave BELFRY_BUS out.',
  );
}

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;
}
