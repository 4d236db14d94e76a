import type { Certificate } from './certificates.ts';
import { Daemon, freePort, spawnAs } from './daemon.ts';
import { NATS, programOf } from './programs.ts';
import { type Service, serviceOf } from './service.ts';

/** A NATS server of its own for whoever calls. With a certificate it speaks nothing but TLS. */
export async function startNats(args: readonly string[] = [], certificate?: Certificate): Promise<Service> {
  const program = programOf(NATS);
  if (program === undefined) throw new Error('There is no nats-server program on this machine.');
  const port = await freePort();
  const daemon = new Daemon(port, () =>
    spawnAs(null, program, ['-a', '127.0.0.1', '-p', String(port), ...tlsOf(certificate), ...args]),
  );
  await daemon.start();
  return serviceOf(daemon, `${certificate ? 'tls' : 'nats'}://127.0.0.1:${port}`);
}

function tlsOf(certificate: Certificate | undefined): string[] {
  if (certificate === undefined) return [];
  return ['--tls', '--tlscert', certificate.certFile, '--tlskey', certificate.keyFile];
}
