import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { type BelfryServer, createServer } from '@belfry/server';
import { SignJWT } from 'jose';

const SECRET = 'a secret for tests, of more than 32 bytes';
const API_KEY = 'bk_test_key_of_more_than_24_characters';

/** The real server on the real store, with a page of `page/main.ts` at `/page`. */
export class RealServer {
  #dir = '';
  #script = '';
  #running: { server: BelfryServer; port: number; end(): Promise<void> } | null = null;

  static async start(): Promise<RealServer> {
    const server = new RealServer();
    server.#dir = await mkdtemp(join(tmpdir(), 'belfry-client-'));
    server.#script = await builtPage(join(server.#dir, 'page'));
    await server.run(0);
    return server;
  }

  get port(): number {
    return this.#running?.port as number;
  }

  get streams(): number {
    return this.#running?.server.hub.stats.streams as number;
  }

  async run(port: number): Promise<void> {
    const store = await openSqliteStore({ dir: join(this.#dir, 'data') });
    const html = (script: string): string => `<!doctype html><title>Page</title>${script}`;
    const server = createServer({
      store,
      auth: { jwt: { secret: SECRET }, apiKey: API_KEY },
      drainMs: 0,
      extend: (app) => {
        app.get('/page', (c) => c.html(html('<script type="module" src="/main.js"></script>')));
        app.get('/elsewhere', (c) => c.html(html('')));
        app.get('/main.js', (c) => c.body(this.#script, 200, { 'content-type': 'text/javascript' }));
      },
    });
    const { port: at } = await server.listen('127.0.0.1', port);
    const end = async (): Promise<void> => {
      await server.stop();
      await store.close();
    };
    this.#running = { server, port: at, end };
  }

  async restart(): Promise<void> {
    const { port } = this;
    await this.#running?.end();
    await this.run(port);
  }

  async stop(): Promise<void> {
    await this.#running?.end();
    await rm(this.#dir, { recursive: true });
  }

  /** Publishes a notification that has a number for its title; false where there was no answer. */
  async notify(user: string, n: number): Promise<boolean> {
    const body = { to: `user:${user}`, type: 'tick', title: String(n) };
    return (await this.post('/v1/notifications', body, `${user} ${n}`).catch(() => null)) !== null;
  }

  /** What a service asks for, as by `key` if given. */
  async post(path: string, body: object, key?: string): Promise<{ id: string }> {
    const headers = { authorization: `Bearer ${API_KEY}`, ...(key && { 'idempotency-key': key }) };
    const url = `http://127.0.0.1:${this.port}${path}`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { id: string };
  }

  static token(user: string): Promise<string> {
    const signing = new SignJWT({ sub: user }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h');
    return signing.sign(new TextEncoder().encode(SECRET));
  }
}

/** In a process of its own: Vite keeps this one's streams open. */
async function builtPage(outDir: string): Promise<string> {
  const vite = fileURLToPath(new URL('../../../../node_modules/vite/bin/vite.js', import.meta.url));
  const config = fileURLToPath(new URL('./page/vite.config.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', config, '--outDir', outDir, '--emptyOutDir']);
  return readFile(join(outDir, 'main.js'), 'utf8');
}
