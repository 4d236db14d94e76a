'use client';
import type { RunFeed, RunFeedSnapshot } from '@belfry/client';
import { useMemo } from 'react';
import { useBelfry } from '../provider/use-belfry.ts';
import { useReadable } from './use-readable.ts';

export interface UseRun extends RunFeedSnapshot, Pick<RunFeed, 'loadEarlier' | 'on'> {
  /** Asks for it to be cancelled; false: it was refused, and `useRuns().error` says why. */
  cancel: () => Promise<boolean>;
}

/** One run with its log, read from its own stream for as long as a component uses it; the same id shares one. */
export function useRun(id: string): UseRun {
  const belfry = useBelfry();
  const feed = useMemo(() => belfry.run(id), [belfry, id]);
  const snapshot = useReadable(feed, NOTHING_YET);
  return useMemo(() => {
    const { loadEarlier, on } = feed;
    return { ...snapshot, loadEarlier, on, cancel: () => belfry.runs.cancel(id) };
  }, [snapshot, feed, belfry, id]);
}

const NOTHING_YET: RunFeedSnapshot = {
  run: null,
  lines: [],
  hasEarlier: false,
  loadingEarlier: false,
  status: 'idle',
  live: false,
  done: null,
  error: null,
};
