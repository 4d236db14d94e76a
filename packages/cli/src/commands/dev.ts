import { extname } from 'node:path';
import { type Supervisor, startSupervisor } from '@belfry/demo';
import { defineCommand } from 'citty';

export const dev = defineCommand({
  meta: { name: 'dev', description: 'Run Belfry on this machine with demo users and a page to try it' },
  run: async () => {
    try {
      const supervisor = await start();
      const stop = endOn(supervisor);
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
      console.log(greeting(supervisor));
    } catch (error) {
      console.error(`belfry: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  },
});

function start(): Promise<Supervisor> {
  const { BELFRY_HOST, BELFRY_PORT, BELFRY_DATA_DIR, BELFRY_API_KEY, BELFRY_JWT_SECRET } = process.env;
  return startSupervisor({
    host: BELFRY_HOST || '127.0.0.1',
    port: portFrom(BELFRY_PORT || '4400'),
    dataDir: BELFRY_DATA_DIR || '.belfry/dev',
    apiKey: BELFRY_API_KEY || undefined,
    jwtSecret: BELFRY_JWT_SECRET || undefined,
    // The same file as this one's neighbour, before and after the build.
    entry: new URL(`./dev-server${extname(import.meta.url)}`, import.meta.url),
  });
}

function portFrom(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`BELFRY_PORT must be a whole number from 1 to 65535, not "${text}".`);
}

function endOn(supervisor: Supervisor): () => void {
  let stopping = false;
  return () => {
    // A second Ctrl-C does not wait.
    if (stopping) process.exit(1);
    stopping = true;
    supervisor.stop().then(() => process.exit(0));
  };
}

function greeting({ address, apiKey }: Supervisor): string {
  return `
  Belfry is running with two demo users, Ada and Ben.

  Page     ${address}/
  API key  ${apiKey}

  Send Ada something from another terminal:

  curl ${address}/v1/notifications \\
    -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' \\
    -d '{"to":"user:ada","type":"demo.message","title":"Hello from curl"}'

  Ctrl-C stops it.
`;
}
