'use client';
import type { BelfryError, Runs, RunsSnapshot, SubjectRef } from '@belfry/client';
import type { Run } from '@belfry/protocol';
import { useMemo } from 'react';
import { useReadable } from '../hooks/use-readable.ts';
import { useBelfry } from '../provider/use-belfry.ts';

export interface UseRuns extends Pick<Runs, 'cancel' | 'dismiss'> {
  /** The newest first: the unfinished ones, and those that finished since, until dismissed. */
  runs: readonly Run[];
  /** How many have not finished. */
  active: number;
  /** Nothing has come yet. */
  isLoading: boolean;
  /** This person may look, but not touch. */
  readOnly: boolean;
  /** Why the last action was taken back, or the stream does not start. */
  error: BelfryError | null;
}

/** The runs, or those about one thing, as they change; without their logs, so it takes no connection of their own. */
export function useRuns({ subject }: { subject?: SubjectRef } = {}): UseRuns {
  const { runs: store } = useBelfry();
  const { kind, id } = subject ?? {};
  const source = useMemo(
    () => (kind === undefined || id === undefined ? store : store.about({ kind, id })),
    [store, kind, id],
  );
  const { items, active, loading, readOnly, error } = useReadable(source, NOTHING_YET);
  const { cancel, dismiss } = store;
  return { runs: items, active, isLoading: loading, readOnly, error, cancel, dismiss };
}

const NOTHING_YET: RunsSnapshot = {
  items: [],
  active: 0,
  status: 'idle',
  readOnly: false,
  loading: true,
  error: null,
};
