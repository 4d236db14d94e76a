import { RequestError } from '@belfry/client/transport';
import type { Api } from '../api.ts';

/** So many signs of life in the time that a run may be silent: one or two may be lost. */
const IN_TIME = 3;

/**
 * Gives a run's signs of life until `until` aborts. It does not keep the process alive: a job that has nothing more to
 * do is over.
 */
export function beat(
  api: Api,
  path: string,
  timeoutSeconds: number,
  until: AbortSignal,
  onError: (error: unknown) => void,
): void {
  const everyMs = Math.min((timeoutSeconds * 1_000) / IN_TIME, 3_600_000);
  const once = async (): Promise<void> => {
    try {
      await api.requester.call(`${path}/heartbeat`, { method: 'POST', signal: until, timeoutMs: everyMs });
    } catch (error) {
      if (!until.aborted && error instanceof RequestError && !error.passing) onError(error);
    }
  };
  const timer = setInterval(once, everyMs).unref();
  until.addEventListener('abort', () => clearInterval(timer), { once: true });
  if (until.aborted) clearInterval(timer);
}
