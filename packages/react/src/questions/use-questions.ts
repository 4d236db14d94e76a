'use client';
import type { BelfryError, QuestionItem, Questions, QuestionsSnapshot, SubjectRef } from '@belfry/client';
import { useMemo } from 'react';
import { useReadable } from '../hooks/use-readable.ts';
import { useBelfry } from '../provider/use-belfry.ts';

export interface UseQuestions extends Pick<Questions, 'answer' | 'ask' | 'cancel' | 'dismiss'> {
  /** To be answered by this person, the newest first; those closed a moment ago among them, until dismissed. */
  questions: readonly QuestionItem[];
  /** How many of them are open. */
  open: number;
  /** What this person asked services. */
  asked: readonly QuestionItem[];
  /** Nothing has come yet. */
  isLoading: boolean;
  /** This person may look, but not touch. */
  readOnly: boolean;
  /** Why the last action was taken back, or the stream does not start. */
  error: BelfryError | null;
}

/** The questions, or those about one thing, as they change. */
export function useQuestions({ subject }: { subject?: SubjectRef } = {}): UseQuestions {
  const { questions: store } = useBelfry();
  const { kind, id } = subject ?? {};
  const source = useMemo(
    () => (kind === undefined || id === undefined ? store : store.about({ kind, id })),
    [store, kind, id],
  );
  const { items, open, asked, loading, readOnly, error } = useReadable(source, NOTHING_YET);
  const { answer, ask, cancel, dismiss } = store;
  return { questions: items, open, asked, isLoading: loading, readOnly, error, answer, ask, cancel, dismiss };
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
