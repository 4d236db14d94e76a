import type { Person, Scope } from '../principal.ts';

/** Why a ticket does not open a stream. */
export type TicketRefusal = 'unknown' | 'expired' | 'in_use' | 'spent';

export interface ApiKey {
  id: string;
  name: string;
  scopes: readonly Scope[];
  /** Null: every tenant. */
  tenant: string | null;
  createdAt: string;
}

export interface CredentialWrites {
  /** `hash` is the SHA-256 of the ticket, hex. Unused it ends after `unusedMs`, used at `expiresAt` (null: never). */
  issueTicket: {
    in: { hash: string; person: Person; unusedMs: number; expiresAt: number | null };
    /** By the clock that also judges its use. */
    out: { unusedUntil: number };
  };
  /**
   * Takes the ticket for one stream. Its first use needs nothing; a later one needs `resuming` (a Last-Event-ID),
   * that no stream holds it, and that its last stream ended less than `TICKET_GRACE_MS` ago.
   */
  claimTicket: {
    in: { hash: string; resuming: boolean };
    out: { person: Person; access: string | null } | { refused: TicketRefusal };
  };
  /** The stream has started: what its access hash was, so that a reconnect can be compared. */
  rememberTicket: { in: { hash: string; access: string }; out: null };
  /** The stream that held it has ended. `unused`: there was none in the end, so that a first use is undone. */
  releaseTicket: { in: { hash: string; unused: boolean }; out: null };
  addKey: { in: { key: ApiKey; hash: string }; out: null };
  /** `not_found` where there is none. */
  removeKey: { in: { id: string }; out: null };
}

export interface CredentialReads {
  /** Whether there is such a ticket, good or not. */
  hasTicket: { in: { hash: string }; out: boolean };
  keyByHash: { in: { hash: string }; out: ApiKey | null };
  keys: { in: Record<string, never>; out: ApiKey[] };
}
