import type { HubObserver } from '@belfry/hub';

/** Two who are told of the same. */
export function bothObservers(one: HubObserver, other: HubObserver): HubObserver {
  const both = {} as Record<string, (...told: unknown[]) => void>;
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const key = name as keyof HubObserver;
    both[name] = (...told) => {
      (one[key] as ((...told: unknown[]) => void) | undefined)?.(...told);
      (other[key] as ((...told: unknown[]) => void) | undefined)?.(...told);
    };
  }
  return both as HubObserver;
}
