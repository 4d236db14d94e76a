import { explain } from './terminal.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

type Stop = (signal: string) => Promise<void>;

/** Stops once and in order at the first signal; a second one ends the process at once, after `atOnce`. */
export function onStopSignal(stop: Stop, atOnce: () => void = () => {}): void {
  let stopping = false;
  const handle = (signal: string) => {
    if (stopping) {
      atOnce();
      process.exit(1);
    }
    stopping = true;
    endAfter(stop, signal);
  };
  for (const signal of SIGNALS) process.on(signal, () => handle(signal));
}

/** Stops, and ends the process with what came of it. */
export function endAfter(stop: Stop, signal: string): void {
  stop(signal).then(
    () => process.exit(0),
    (error: unknown) => {
      explain(error);
      process.exit(1);
    },
  );
}
