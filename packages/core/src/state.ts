import { type Grants, LIMITS, type Position, type StateFrame, type TypeFilter } from '@belfry/protocol';
import type { ArtifactLinks } from './artifact-links.ts';
import type { AccessRows } from './entitlement.ts';
import type { Reader } from './principal.ts';
import type { StateParts } from './state-parts.ts';
import type { Store } from './store/port.ts';

/** Everything a client shows at first, and the position it stands at: what comes later starts strictly after it. */
export interface StateAt {
  at: Position;
  /** What the database says there about the reader's access. */
  rows: AccessRows;
  state: StateFrame;
}

export async function readState(
  { store, artifactLinks }: Sources,
  reader: Reader,
  parts: StateParts,
): Promise<StateAt> {
  const { at, rows, notifications, questions, runs } = await store.read('state', { reader, limit: LIMITS.page, parts });
  await artifactLinks.ready();
  return { at, rows, state: { notifications, questions, runs: runs.map((run) => artifactLinks.shown(run)) } };
}

interface Sources {
  store: Store;
  artifactLinks: ArtifactLinks;
}

/** A service has no inbox of its own: it gets the newest of what it follows, and nothing counts as unread. */
export async function readServiceState(
  { store }: Sources,
  tenant: string,
  grants: Grants,
  types: TypeFilter | undefined,
  parts: StateParts,
): Promise<{ at: Position; state: unknown }> {
  const input = { tenant, grants, limit: LIMITS.page, parts, ...(types === undefined ? {} : { types }) };
  const { at, notifications, questions, runs } = await store.read('serviceState', input);
  return { at, state: { notifications: { ...notifications, unread: 0, unseen: 0 }, questions, runs } };
}
