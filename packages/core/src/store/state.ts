import type {
  Grants,
  InboxPage,
  Page,
  Position,
  Question,
  Run,
  ServiceNotification,
  TypeFilter,
} from '@belfry/protocol';
import type { AccessRows } from '../entitlement.ts';
import type { Reader } from '../principal.ts';
import type { StateParts } from '../state-parts.ts';

export interface StateReads {
  /**
   * The newest items with the counts, the questions to answer and those the person has asked, the unfinished runs, each
   * newest first, and the position that all of it stands at. Without `parts`, all of them; one that is left out is empty.
   */
  state: {
    in: { reader: Reader; limit: number; parts?: StateParts };
    out: { at: Position; rows: AccessRows; notifications: InboxPage; questions: Question[]; runs: Run[] };
  };
  /** The same for a service: no inbox of its own, so the newest of what it follows and no counts. */
  serviceState: {
    in: { tenant: string; grants: Grants; types?: TypeFilter; limit: number; parts?: StateParts };
    out: { at: Position; notifications: Page<ServiceNotification>; questions: Question[]; runs: Run[] };
  };
}
