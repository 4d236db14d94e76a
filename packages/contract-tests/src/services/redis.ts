import type { Certificate } from './certificates.ts';
import { Daemon, freePort, spawnAs } from './daemon.ts';
import { programOf, REDIS } from './programs.ts';
import { type Service, serviceOf } from './service.ts';

/** A Redis of its own for whoever calls. It keeps nothing, and with a certificate it speaks nothing but TLS. */
export async function startRedis(args: readonly string[] = [], certificate?: Certificate): Promise<Service> {
  const program = programOf(REDIS);
  if (program === undefined) throw new Error('There is no redis-server program on this machine.');
  const port = await freePort();
  const fixed = [...listening(port, certificate), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const daemon = new Daemon(port, () => spawnAs(null, program, [...fixed, ...args]));
  await daemon.start();
  return serviceOf(daemon, `${certificate ? 'rediss' : 'redis'}://127.0.0.1:${port}`);
}

function listening(port: number, certificate: Certificate | undefined): string[] {
  if (certificate === undefined) return ['--port', String(port)];
  const { certFile, keyFile } = certificate;
  const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile];
  return ['--port', '0', '--tls-port', String(port), ...files, '--tls-auth-clients', 'no'];
}
