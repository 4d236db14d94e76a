import type { Readable } from './store.ts';

/** Subscribes to what `look` makes of several values: the listener hears when that is another one. */
export function changesOf(
  of: readonly Pick<Readable<unknown>, 'subscribe'>[],
  look: () => unknown,
): Readable<unknown>['subscribe'] {
  return (listener) => {
    let told = look();
    const heard = (): void => {
      const now = look();
      if (now === told) return;
      told = now;
      listener();
    };
    const offs = of.map(({ subscribe }) => subscribe(heard));
    return () => {
      for (const off of offs) off();
    };
  };
}
