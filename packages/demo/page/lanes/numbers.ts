import type { Notification } from '@belfry/client';

/** The message's number, or null for what another run of the demo or somebody else has sent. */
export function seqOf({ data }: Pick<Notification, 'data'>, run: string): number | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  return data.run === run && typeof data.seq === 'number' ? data.seq : null;
}
