'use client';
import type { Counts, InboxSnapshot } from '@belfry/client';
import { useBelfry } from '../provider/use-belfry.ts';
import { useReadable } from './use-readable.ts';

/** How many are unread, and unseen, over the whole inbox. 1,000 means "or more". */
export function useCounts(): Counts {
  const { unread, unseen } = useReadable(useBelfry().inbox, ON_SERVER);
  return { unread, unseen };
}

const ON_SERVER: InboxSnapshot = {
  items: [],
  unread: 0,
  unseen: 0,
  nextCursor: null,
  status: 'idle',
  readOnly: false,
  loading: true,
  error: null,
};
