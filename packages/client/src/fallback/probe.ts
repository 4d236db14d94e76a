import { createAlarm } from '../alarm.ts';
import { streaming } from '../connection.ts';
import type { Environment } from '../environment.ts';
import type { Sender } from '../sender.ts';
import type { StreamOptions } from '../stream-options.ts';
import type { Connection } from '../ways.ts';

const FIRST_MS = 60_000;
const LONGEST_MS = 900_000;
const CONNECT_MS = 10_000;
/** A stream that lives so long was not cut off at once. */
const LIVES_MS = 1_500;

/** Tries now and then whether a stream gets through, beside the polls, which go on meanwhile. */
export interface Probe {
  /** `works` is called once, when one got through. */
  begin(works: () => void): void;
  stop(): void;
}

export function createProbe({ device: _, ...options }: StreamOptions, sender: Sender, environment: Environment): Probe {
  // Nothing is to come by it, and nobody must think that something has arrived.
  const connect = streaming({ ...options, state: false }, sender);
  const alarm = createAlarm(environment);
  let nextMs = FIRST_MS;
  let stream: Connection | null = null;

  const stop = (): void => {
    alarm.clear();
    stream?.abort();
    stream = null;
  };

  const begin = (works: () => void): void => {
    stop();
    alarm.set(() => attempt(works), nextMs * (0.75 + environment.random() / 2));
  };

  const attempt = (works: () => void): void => {
    const failed = (): void => {
      nextMs = Math.min(LONGEST_MS, nextMs * 2);
      begin(works);
    };
    const lived = (): void => {
      nextMs = FIRST_MS;
      stop();
      works();
    };
    const nothing = (): void => {};
    alarm.set(failed, CONNECT_MS);
    stream = connect(
      { cursor: null, access: null },
      {
        onFrame: ({ event }) => {
          if (event === 'connected') alarm.set(lived, LIVES_MS);
          else if (event === 'closing') failed();
        },
        onEnd: failed,
        onRetry: nothing,
        onBytes: nothing,
        onToken: nothing,
      },
    );
  };

  return { begin, stop };
}
