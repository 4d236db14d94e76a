'use client';
import type { CountsSnapshot } from '@belfry/client';
import { useBelfry } from '../provider/use-belfry.ts';
import { useReadable } from './use-readable.ts';

/** What a badge shows, over the whole inbox, and how many questions and runs are open. 1,000 unread means "or more". */
export function useCounts(): CountsSnapshot {
  return useReadable(useBelfry().counts, NOTHING_YET);
}

const NOTHING_YET: CountsSnapshot = { unread: 0, unseen: 0, openQuestions: 0, activeRuns: 0 };
