import { TcpProxy } from '@belfry/contract-tests/faults';
import { draft } from '@belfry/contract-tests/samples';
import { Authority, OPENSSL, type Service, startPostgres } from '@belfry/contract-tests/services';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMissing, POSTGRES, sqlOn } from './support/postgres-server.ts';

describe.skipIf(isMissing(POSTGRES) || isMissing(OPENSSL))('a Postgres that takes encrypted connections only', () => {
  let authority: Authority;
  let server: Service;
  beforeAll(async () => {
    authority = new Authority();
    server = await startPostgres({ certificate: authority.certificate('IP:127.0.0.1') });
    const [{ hba_file: file } = {}] = await sqlOn(server.url, 'show hba_file');
    await sqlOn(server.url, `copy (select 'hostssl all all 127.0.0.1/32 trust') to program 'cat > ${file}'`);
    await sqlOn(server.url, 'select pg_reload_conf()');
  });
  afterAll(async () => {
    await server?.dispose();
    authority?.dispose();
  });

  const at = (settings: string, port = server.port) =>
    `postgres://belfry:hunter2@127.0.0.1:${port}/postgres${settings}`;

  async function refusal(url: string): Promise<string> {
    const { message } = (await openPostgresStore({ url }).then(
      (store) => store.close(),
      (thrown: unknown) => thrown,
    )) as Error;
    expect(message).not.toContain('hunter2');
    expect(message).toMatch(/^[^\n]+\.$/);
    return message;
  }

  test('keeps what it is given, and goes on when its connections were cut', async () => {
    const proxy = await TcpProxy.start({ port: server.port });
    const store = await openPostgresStore({ url: at(`?sslmode=require&sslrootcert=${authority.file}`, proxy.port) });
    try {
      const publish = () => store.commit('publish', { tenant: 'acme', drafts: [draft()] });
      await publish();
      proxy.cut();
      await expect
        .poll(() =>
          publish().then(
            () => 'taken',
            () => 'lost',
          ),
        )
        .toBe('taken');
      const sessions = await sqlOn(
        at(`?sslmode=verify-full&sslrootcert=${authority.file}`),
        `select bool_and(ssl) as encrypted from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'belfry'`,
      );
      expect(sessions).toEqual([{ encrypted: true }]);
    } finally {
      await store.close();
      await proxy.close();
    }
  });

  test('says which setting is amiss, and how to mend it', async () => {
    expect(await refusal(at(''))).toMatch(
      /takes encrypted connections only\. Add \?sslmode=verify-full to DATABASE_URL/,
    );
    expect(await refusal(at('?sslmode=verify-full'))).toMatch(
      /certificate.*Check sslmode in DATABASE_URL.*sslrootcert=/,
    );
    expect(await refusal(at('?sslmode=verify-full&sslrootcert=/nowhere.pem'))).toMatch(
      /DATABASE_URL names \/nowhere\.pem, and there is no such file.*sslrootcert/,
    );
    const url = at(`?sslmode=verify-full&sslrootcert=${authority.file}`).replace('127.0.0.1', 'localhost');
    expect(await refusal(url)).toMatch(/localhost.*does not match|not match.*localhost/);
  });
});
