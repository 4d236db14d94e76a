// A supervisor in a process of its own, for tests that kill it. Says in one line which its server is.
import { startSupervisor } from '@belfry/demo';
import { serverEntry } from './demo.ts';

const supervisor = await startSupervisor({
  host: '127.0.0.1',
  port: 0,
  dataDir: process.argv[2]!,
  entry: serverEntry,
});
console.log(JSON.stringify({ server: supervisor.snapshot().server.pid }));
