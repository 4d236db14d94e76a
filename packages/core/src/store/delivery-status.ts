import type { Channel, DeliveryStatus, Grants, Position, RecipientStatus } from '@belfry/protocol';

/** What happened with one person's streams in one process since it was last told. */
export interface PersonSeen {
  tenant: string;
  user: string;
  /** What they hold. Null: as before. */
  grants: Grants | null;
  /** Live streams of theirs in that process. */
  open: number;
  /** All up to this number was sent to them; 0: nothing more. */
  sent: number;
}

export interface RecipientQuery {
  tenant: string;
  /** Of a notification. */
  id: string;
  /** Only names after this one. */
  after: string | null;
  /** Names that are looked at. */
  limit: number;
}

export interface RecipientPage {
  recipients: RecipientStatus[];
  /** The last name that was looked at; null where there are no more. */
  last: string | null;
}

export interface RecipientCounts {
  to: Channel[];
  /** How many have it by each channel, by the furthest it came with them. */
  counts: { channel: Channel; status: DeliveryStatus; count: number; error?: string }[];
  last: string | null;
}

export interface DeliveryStatusWrites {
  /** Remembers how far a device has come. Only ever forward; at most 32 devices a person, the stalest goes. */
  ack: { in: { tenant: string; user: string; device: string; n: number }; out: null };
  /** Who came and went in a process, and how far its live streams were served. Belongs to several tenants. */
  presence: {
    in: { process: string; people: PersonSeen[]; reached: { tenant: string; n: number }[] };
    out: null;
  };
}

export interface DeliveryStatusReads {
  /** The last position this device acknowledged. */
  acked: { in: { tenant: string; user: string; device: string }; out: Position | null };
  /** A page of a notification's recipients, by name, with what became of it. Null: there is no such notification. */
  recipients: { in: RecipientQuery; out: RecipientPage | null };
  /** The same, counted. */
  recipientCounts: { in: RecipientQuery; out: RecipientCounts | null };
}
