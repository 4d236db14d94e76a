import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { type BelfryServer, createServer } from '@belfry/server';

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'";

export interface PageServer {
  url: string;
  port: number;
  server: BelfryServer;
  /** What an app's own server asks for. */
  asService: <Answer>(method: string, path: string, body?: object) => Promise<Answer>;
  stop: () => Promise<void>;
}

/** A real server on a real store, with the pages in these folders at `/<name>`, under a strict policy. */
export async function startPageServer(pages: Record<string, string>): Promise<PageServer> {
  const dir = await mkdtemp(join(tmpdir(), 'belfry-react-'));
  const store = await openSqliteStore({ dir });
  const server = createServer({
    store,
    drainMs: 0,
    hub: { heartbeatMs: 1_000 },
    // Whoever says that they are somebody are they: nobody else is here.
    principal: (request) => principalOf(request.headers.get('authorization')),
    extend: (app) => {
      for (const [name, folder] of Object.entries(pages)) {
        const file = (path: string) => readFile(join(folder, path), 'utf8');
        app.get(`/${name}`, (c) =>
          c.html(
            `<!doctype html><title>Belfry</title><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/${name}/page.css"><div id="root"></div><script type="module" src="/${name}/page.js"></script>`,
            200,
            { 'Content-Security-Policy': POLICY },
          ),
        );
        app.get(`/${name}/page.js`, async (c) =>
          c.body(await file('page.js'), 200, { 'Content-Type': 'text/javascript' }),
        );
        app.get(`/${name}/page.css`, async (c) => c.body(await file('page.css'), 200, { 'Content-Type': 'text/css' }));
      }
    },
  });
  const { url, port } = await server.listen('127.0.0.1', 0);
  const stop = async (): Promise<void> => {
    await server.stop();
    await store.close();
    await rm(dir, { recursive: true });
  };
  const asService = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const init = { method, headers: { authorization: 'Bearer service' }, body: body ? JSON.stringify(body) : null };
    const response = await fetch(url + path, init);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? null : await response.json()) as Answer;
  };
  return { url, port, server, asService, stop };
}

function principalOf(authorization: string | null) {
  const user = authorization?.replace('Bearer ', '');
  if (!user) return null;
  if (user === 'service') {
    return {
      kind: 'service' as const,
      tenant: 'default',
      key: 'test',
      scopes: ['publish', 'read'] as const,
      tenants: 'one' as const,
    };
  }
  const nothing = { avatarUrl: null, roles: [], channels: [], since: null, expiresAt: null };
  return { kind: 'person' as const, tenant: 'default', user, name: user, readOnly: user === 'reader', ...nothing };
}
