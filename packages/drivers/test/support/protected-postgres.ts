import { startPostgres } from '@belfry/contract-tests/services';
import { sqlOn } from './postgres-server.ts';

export interface ProtectedServer {
  url: string;
  dispose(): Promise<void>;
}

/** A server of its own where the accounts `guest` and `other` need their password, hunter2, and own nothing. */
export async function startProtectedServer(): Promise<ProtectedServer> {
  const server = await startPostgres();
  const [{ hba_file: file } = {}] = await sqlOn(server.url, 'show hba_file');
  for (const account of ['guest', 'other']) await sqlOn(server.url, `create role ${account} login password 'hunter2'`);
  await sqlOn(server.url, 'revoke create on database postgres from public');
  const rules = 'host all belfry 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256';
  await sqlOn(server.url, `copy (select unnest(string_to_array($$${rules}$$, e'\\n'))) to program 'cat > ${file}'`);
  await sqlOn(server.url, 'select pg_reload_conf()');
  return server;
}
