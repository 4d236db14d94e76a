'use client';
import type { Questions, QuestionsSnapshot, SubjectRef } from '@belfry/client';
import { useMemo } from 'react';
import { useBelfry } from '../provider/use-belfry.ts';
import { useReadable } from './use-readable.ts';

export interface UseQuestions
  extends Omit<QuestionsSnapshot, 'items' | 'loading'>,
    Pick<Questions, 'answer' | 'ask' | 'cancel' | 'dismiss' | 'timeLeft'> {
  /** To be answered by this person, the newest first; those closed a moment ago among them, until dismissed. */
  questions: QuestionsSnapshot['items'];
  isLoading: boolean;
}

/** The questions of this person, or those about one thing, as they change, and what can be done with them. */
export function useQuestions({ subject }: { subject?: SubjectRef } = {}): UseQuestions {
  const { questions: store } = useBelfry();
  const { kind, id } = subject ?? {};
  const readable = useMemo(
    () => (kind === undefined || id === undefined ? store : store.about({ kind, id })),
    [store, kind, id],
  );
  const snapshot = useReadable(readable, NOTHING_YET);
  return useMemo(() => {
    const { items, loading, ...rest } = snapshot;
    const { answer, ask, cancel, dismiss, timeLeft } = store;
    return { ...rest, questions: items, isLoading: loading, answer, ask, cancel, dismiss, timeLeft };
  }, [snapshot, store]);
}

const NOTHING_YET: QuestionsSnapshot = {
  items: [],
  open: 0,
  asked: [],
  status: 'idle',
  readOnly: false,
  loading: true,
  error: null,
};
