import type { Position } from '@belfry/protocol';
import type { AccessRows } from '../entitlement.ts';
import type { Reader } from '../principal.ts';

export interface AccessWrites {
  /** Gives a channel or a `topic:` prefix and appends `access.granted`, unless it is held by membership already. */
  grant: { in: { tenant: string; user: string; channel: string }; out: null };
  /** Takes it, also from tokens issued before, and appends `access.revoked`. */
  revoke: { in: { tenant: string; user: string; channel: string }; out: null };
  /** Appends `access.invalidated`: an app's own answer about this person counts only if begun after it. */
  invalidate: { in: { tenant: string; user: string }; out: null };
  /** Takes a channel from everybody, and tells all who held it. */
  revokeChannel: { in: { tenant: string; channel: string }; out: null };
}

export interface AccessReads {
  /** What the database says about a person's access, and the position that it stands at. */
  access: { in: { reader: Reader }; out: { at: Position; rows: AccessRows } };
  /** Those of one channel by person, or those of one person by channel. `after` is the last name of the page before. */
  memberships: {
    in: { tenant: string; of: { channel: string } | { user: string }; after: string | null; limit: number };
    out: { channel: string; user: string }[];
  };
}
