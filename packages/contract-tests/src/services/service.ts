import type { Daemon } from './daemon.ts';
import { findService, type ServiceKind } from './programs.ts';

/** A running service, and what a test may do to it. */
export interface Service {
  readonly url: string;
  readonly port: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** On the same port, with the same data. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

/** What is the same for every service without a folder of its own. */
export function serviceOf(daemon: Daemon, url: string): Service {
  return {
    url,
    port: daemon.port,
    start: () => daemon.start(),
    stop: (signal) => daemon.stop(signal),
    dispose: () => daemon.dispose('SIGKILL'),
  };
}

/** One to talk to and not to harm: the one whose address is given, else one that is started for the caller. */
export async function anyService(
  kind: ServiceKind,
  start: () => Promise<Service>,
): Promise<Pick<Service, 'url' | 'dispose'>> {
  const url = process.env[kind.urlVariable];
  return url ? { url, dispose: async () => {} } : start();
}

/** For `describe.skipIf`: no address is given, and no program is here. */
export function isMissing(kind: ServiceKind): boolean {
  return findService(kind) === undefined;
}
