import { extname, join } from 'node:path';
import { type Supervisor, startSupervisor } from '@belfry/demo';
import { defineCommand } from 'citty';
import { readSettings } from '../settings/settings.ts';
import { onStopSignal } from '../stop-signal.ts';
import { print } from '../terminal.ts';

export const dev = defineCommand({
  meta: { name: 'dev', description: 'Run Belfry on this machine with demo users and a page to try it.' },
  async run() {
    const { host, port, dataDir, server } = readSettings(process.env);
    const supervisor = await startSupervisor({
      host,
      port,
      // Beside what `belfry serve` keeps, so that playing never mixes with it.
      dataDir: join(dataDir, 'dev'),
      // Not by way of bin/: a server that comes back must not be built anew first.
      entry: { module: new URL(`../main${extname(import.meta.url)}`, import.meta.url), args: ['dev-server'] },
      apiKey: server.auth?.apiKey,
      jwtSecret: server.auth?.jwt?.secret,
      server: { corsOrigins: server.corsOrigins, hub: server.hub, retention: server.retention },
    });
    onStopSignal(() => supervisor.stop());
    print(greeting(supervisor));
  },
});

function greeting({ address, apiKey }: Supervisor): string {
  const curl = [
    `curl ${address}/v1/notifications`,
    `-H 'Authorization: Bearer ${apiKey}'`,
    "-H 'Content-Type: application/json'",
    `-d '{"to":"user:ada","type":"demo.message","title":"Hello from curl"}'`,
  ];
  return `
  Belfry is running with two demo users, Ada and Ben.

  Page     ${address}/
  API key  ${apiKey}

  Send Ada something from another terminal:

  ${curl.join(' ')}

  Ctrl-C stops it.
`;
}
