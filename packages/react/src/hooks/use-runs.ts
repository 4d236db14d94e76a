'use client';
import type { Runs, RunsSnapshot, SubjectRef } from '@belfry/client';
import { useMemo } from 'react';
import { useBelfry } from '../provider/use-belfry.ts';
import { useReadable } from './use-readable.ts';

export interface UseRuns extends Omit<RunsSnapshot, 'items' | 'loading'>, Pick<Runs, 'cancel' | 'dismiss'> {
  /** The newest first: the unfinished ones, and those that finished since, until dismissed. */
  runs: RunsSnapshot['items'];
  isLoading: boolean;
}

/** The runs that this person sees, or those about one thing, as they change. */
export function useRuns({ subject }: { subject?: SubjectRef } = {}): UseRuns {
  const { runs: store } = useBelfry();
  const { kind, id } = subject ?? {};
  const readable = useMemo(
    () => (kind === undefined || id === undefined ? store : store.about({ kind, id })),
    [store, kind, id],
  );
  const snapshot = useReadable(readable, NOTHING_YET);
  return useMemo(() => {
    const { items, loading, ...rest } = snapshot;
    return { ...rest, runs: items, isLoading: loading, cancel: store.cancel, dismiss: store.dismiss };
  }, [snapshot, store]);
}

const NOTHING_YET: RunsSnapshot = {
  items: [],
  active: 0,
  status: 'idle',
  readOnly: false,
  loading: true,
  error: null,
};
