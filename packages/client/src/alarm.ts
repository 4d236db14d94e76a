import type { StreamEnvironment } from './stream-environment.ts';

/** One timer, that is set anew or not at all. */
export interface Alarm {
  isSet(): boolean;
  /** Whatever it was set to before is off. */
  set(run: () => void, ms: number): void;
  clear(): void;
}

export function createAlarm({ setTimer }: Pick<StreamEnvironment, 'setTimer'>): Alarm {
  let cancel: (() => void) | null = null;
  const clear = (): void => {
    cancel?.();
    cancel = null;
  };
  return {
    isSet: () => cancel !== null,
    set: (run, ms) => {
      clear();
      cancel = setTimer(() => {
        cancel = null;
        run();
      }, ms);
    },
    clear,
  };
}
