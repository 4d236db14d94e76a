import { createAlarm } from './alarm.ts';
import type { Environment } from './environment.ts';

const ACK_MS = 30_000;

export interface Acker {
  /** Something was handed over. */
  arrived(): void;
  stop(): void;
}

/** Tells the server now and then how far a device has come: at most every 30 s, and only after something came. */
export function createAcker(environment: Environment, send: () => Promise<unknown>): Acker {
  const alarm = createAlarm(environment);
  // One that is lost costs nothing: the next one, or the next Last-Event-ID, says more.
  const ack = (): Promise<unknown> => send().catch(() => {});
  return {
    arrived: () => {
      if (!alarm.isSet()) alarm.set(ack, ACK_MS * (1 + environment.random() / 2));
    },
    stop: alarm.clear,
  };
}
