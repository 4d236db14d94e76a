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
    server = await startPostgres({
      certificate: authority.certificate('IP:127.0.0.1'),
      authority: authority.file,
    });
    trusting = `?sslmode=verify-full&sslrootcert=${authority.file}`;
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

  let trusting: string;

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

  test('lets in who shows a certificate where it asks for one, and tells who shows none', async () => {
    const [{ file }] = (await sqlOn(at(trusting), `select current_setting('hba_file') as file`)) as [{ file: string }];
    const lines = (more: string) =>
      `copy (select 'hostssl all all 127.0.0.1/32 trust${more}') to program 'cat > ${file}'`;
    const { certFile, keyFile } = authority.certificate('DNS:belfry');
    const showing = `${trusting}&sslcert=${certFile}&sslkey=${keyFile}`;
    await sqlOn(at(trusting), lines(' clientcert=verify-ca'));
    await sqlOn(at(trusting), 'select pg_reload_conf()');
    try {
      await expect
        .poll(() => refusal(at(trusting)))
        .toMatch(/asks for a certificate of the client\. Name one in DATABASE_URL/);
      const store = await openPostgresStore({ url: at(showing) });
      await store.commit('publish', { tenant: 'acme', drafts: [draft()] });
      await store.close();
    } finally {
      await sqlOn(at(showing), lines(''));
      await sqlOn(at(showing), 'select pg_reload_conf()');
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
