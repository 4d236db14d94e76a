import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { root } from '../workspace/packages.ts';
import type { Example } from './cases.ts';
import { installExample, ownEnv, run } from './install.ts';
import { freePort, startServer } from './process.ts';
import { visit } from './visit.ts';

interface Trial {
  tarballs: readonly string[];
  /** For everything that is made. */
  folder: string;
  picture?: string | undefined;
}

/** Installs, builds and starts an example beside a real Belfry, and visits it. */
export async function tryExample(example: Example, { tarballs, folder, picture }: Trial): Promise<void> {
  const cwd = await installExample(example.name, tarballs, folder);
  const [port, belfryPort] = [await freePort(), await freePort()];
  const [url, belfryUrl] = [`http://127.0.0.1:${port}/`, `http://127.0.0.1:${belfryPort}`];
  const apiKey = randomBytes(24).toString('hex');
  const env = {
    ...ownEnv,
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: `${port}`,
    BELFRY_URL: belfryUrl,
    VITE_BELFRY_URL: belfryUrl,
    BELFRY_PORT: `${belfryPort}`,
    BELFRY_DATA_DIR: join(folder, `data-${example.name}`),
    BELFRY_JWT_SECRET: randomBytes(32).toString('hex'),
    BELFRY_API_KEY: apiKey,
    BELFRY_CORS_ORIGINS: new URL(url).origin,
  };
  for (const script of example.build) await run(['npm', 'run', script], cwd, env);
  const command = [process.execPath, join(root, 'packages/cli/bin/belfry.js'), 'serve'];
  const belfry = await startServer(command, { cwd: folder, env, url: `${belfryUrl}/healthz` });
  try {
    const arguments_ = ['npm', 'start', '--', ...example.portArguments(port)];
    const app = await startServer(arguments_, { cwd, env, url });
    try {
      const send = (title: string): Promise<void> => sendTo(belfryUrl, apiKey, title);
      await visit({ example, url, send, picture });
    } finally {
      await app.stop();
    }
  } finally {
    await belfry.stop();
  }
}

async function sendTo(url: string, apiKey: string, title: string): Promise<void> {
  const response = await fetch(`${url}/v1/notifications`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ to: 'user:42', type: 'coffee', title }),
  });
  if (!response.ok) throw new Error(`Belfry answered ${response.status}: ${await response.text()}`);
}
