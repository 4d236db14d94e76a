'use client';
import type { Status } from '@belfry/client';
import { useInboxClient } from '../provider/use-inbox-client.ts';
import { useReadable } from './use-readable.ts';

/** How the connection is: `live`, `reconnecting`, `offline`, … and why. */
export function useConnectionStatus(): Status {
  return useReadable(useInboxClient().status, ON_SERVER);
}

const ON_SERVER: Status = {
  value: 'idle',
  transport: 'stream',
  reason: null,
  resumed: false,
  stateReason: null,
  caughtUp: 0,
  readOnly: false,
  connection: null,
  error: null,
};
