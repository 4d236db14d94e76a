import { explain } from './terminal.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Stops once and in order at the first signal; a second one ends the process at once. */
export function onStopSignal(stop: (signal: string) => Promise<void>): void {
  let stopping = false;
  const handle = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        explain(error);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, () => handle(signal));
}
