'use client';
import type { BelfryError, RunFeedSnapshot } from '@belfry/client';
import { useCallback, useMemo } from 'react';
import { useReadable } from '../hooks/use-readable.ts';
import { useBelfry } from '../provider/use-belfry.ts';

export interface UseRun extends Omit<RunFeedSnapshot, 'error'> {
  /** Why the run can't be read, or what was done with it was taken back. */
  error: BelfryError | null;
  /** Adds the lines before those there are. */
  loadEarlier: () => Promise<boolean>;
  /** Whether it could be cancelled. */
  cancel: () => Promise<boolean>;
}

/** One run with its log, which is read for as long as this is shown. */
export function useRun(id: string): UseRun {
  const client = useBelfry();
  const feed = useMemo(() => client.run(id), [client, id]);
  const snapshot = useReadable(feed, NOTHING_YET);
  const cancel = useCallback(() => client.runs.cancel(id), [client, id]);
  return { ...snapshot, loadEarlier: feed.loadEarlier, cancel };
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
