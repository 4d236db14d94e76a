import type { StreamEnvironment } from './stream-environment.ts';

/** The answer takes it back. */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  signal?.addEventListener('abort', run);
  return () => signal?.removeEventListener('abort', run);
}

/** Throws the reason of `signal` as soon as it aborts. */
export async function pause(
  ms: number,
  { setTimer }: Pick<StreamEnvironment, 'setTimer'>,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const end = (): void => {
      cancel();
      off();
      resolve();
    };
    const cancel = setTimer(end, ms);
    const off = onAbort(signal, end);
  });
  signal?.throwIfAborted();
}
