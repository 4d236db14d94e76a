import { type Grants, grantsOf, type TypeFilter } from '@belfry/protocol';

/** A signed-in person, on one of their devices. Times are milliseconds since 1970. */
export interface Person {
  kind: 'person';
  tenant: string;
  user: string;
  name: string | null;
  avatarUrl: string | null;
  roles: readonly string[];
  /** Channels and `topic:` prefixes ending in `*`, beyond what user and roles give. */
  channels: readonly string[];
  /** May look and not touch: demo visitors, auditors. */
  readOnly: boolean;
  /** Items on shared channels older than this are not theirs. Null: the last 30 days are. */
  since: number | null;
  /**
   * When the credential was issued: what was revoked later is not held by it. Null: its roles and channels were judged
   * for this request, and are taken as they are.
   */
  issuedAt?: number | null;
  /** Where the app itself has said what they hold: their last `access.invalidated` that its answer knew of. */
  answeredAt?: number;
  /** When the credential ends, and with it any stream opened by it. Null: never. */
  expiresAt: number | null;
}

export const SCOPES = ['publish', 'read', 'admin', 'metrics'] as const;
export type Scope = (typeof SCOPES)[number];

/** A program that holds an API key, acting in one tenant. */
export interface Service {
  kind: 'service';
  tenant: string;
  /** The key's id, for logs. Never the key. */
  key: string;
  scopes: readonly Scope[];
  /** Whether the key is good for this tenant only. */
  tenants: 'one' | 'all';
}

export type Principal = Person | Service;

/** Whose turn what is read for them takes. */
export function askerOf(principal: Principal): string | null {
  return principal.kind === 'person' ? principal.user : null;
}

/** A person as the store needs them to say what is theirs. Plain data: it crosses threads. */
export interface Reader {
  tenant: string;
  user: string;
  /** What the token gives. The store adds memberships and takes away what was revoked, as its snapshot has them. */
  grants: Grants;
  /** As a Person's, both. */
  issuedAt?: number | null;
  answeredAt?: number;
  /** Only these channels and prefix grants, of all that is held. */
  only?: readonly string[];
  /** Milliseconds; items on shared channels created before are not theirs. */
  since: number;
  /** The token's own `since`, where it has one. Without it `since` slides along with the clock. */
  claimedSince?: number;
  /** Only notifications of these types count and are listed. */
  types?: TypeFilter;
}

const THIRTY_DAYS = 30 * 24 * 3_600_000;

/** Items on shared channels that are older are not theirs. */
export function sinceOf({ since }: Person, now: number): number {
  return since ?? now - THIRTY_DAYS;
}

export function readerOf(person: Person, now: number): Reader {
  return {
    tenant: person.tenant,
    user: person.user,
    grants: grantsOf(person.user, person.roles, person.channels),
    issuedAt: person.issuedAt ?? null,
    ...(person.answeredAt === undefined ? {} : { answeredAt: person.answeredAt }),
    since: sinceOf(person, now),
    ...(person.since === null ? {} : { claimedSince: person.since }),
  };
}
