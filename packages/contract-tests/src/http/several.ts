import type { HubSettings } from '@belfry/hub';
import { type Service, startPostgres, startRedis } from '../services/index.ts';
import { Front } from '../torture/cluster/front.ts';
import { ServerProcess } from '../torture/server/server-process.ts';
import { signedToken } from '../torture/target.ts';
import type { Claims, HttpHarness, HttpSettings } from './support/harness.ts';

const API_KEY = 'bk_test_key_of_more_than_24_characters';
const JWT_SECRET = 'a secret for tests, of more than 32 bytes';
const HOUR_S = 3_600;

/** Several processes on one Postgres and one Redis, behind one address that hands each connection to the next. */
export async function startSeveral(processes: number, settings: HttpSettings = {}): Promise<HttpHarness> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const servers = Array.from({ length: processes }, () => serverOn(postgres, redis, settings));
  await Promise.all(servers.map((server) => server.start()));
  const front = await Front.start(servers.map(({ port }) => port));
  return {
    url: front.url,
    processes,
    apiKey: API_KEY,
    tokenFor: async (claims) => tokenFor(claims),
    async stop() {
      await front.close();
      await Promise.all(servers.map((server) => server.dispose()));
      await Promise.all([postgres.dispose(), redis.dispose()]);
    },
  };
}

function serverOn(
  postgres: Service,
  redis: Service,
  { corsOrigins = [], webhooks, ...hub }: HttpSettings,
): ServerProcess {
  return new ServerProcess({
    database: { url: postgres.url },
    bus: { setting: redis.url, databaseUrl: postgres.url },
    apiKey: API_KEY,
    jwtSecret: JWT_SECRET,
    hub: hub satisfies Partial<HubSettings>,
    corsOrigins,
    ...(webhooks === undefined ? {} : { webhooks }),
  });
}

function tokenFor({ exp, ...claims }: Claims): string {
  const end = exp === undefined ? Math.floor(Date.now() / 1_000) + HOUR_S : exp;
  return signedToken({ jwtSecret: JWT_SECRET }, end === null ? claims : { ...claims, exp: end });
}
