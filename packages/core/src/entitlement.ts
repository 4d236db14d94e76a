import { type Grants, grantPrefix, includesGrant, userChannel, within } from '@belfry/protocol';
import type { LogEvent } from './log-event.ts';

/** A channel or a `topic:` prefix, given to a person by name. `n` is the event that says so. */
export interface Membership {
  channel: string;
  n: number;
}

/** A channel or a `topic:` prefix, taken from a person or from everybody. It overrides tokens from before `at`. */
export interface Revocation {
  channel: string;
  n: number;
  /** Milliseconds. */
  at: number;
}

/**
 * What the database says about one person's access, beyond what their token says. Rows are never taken back: of a
 * membership and a revocation of the same channel the later one holds, whichever of them is heard of first.
 */
export interface AccessRows {
  memberships: readonly Membership[];
  revocations: readonly Revocation[];
  /** The event since which an app's own answer must have been begun to count; 0 where there is none. */
  invalidatedAt: number;
}

export const NO_ROWS: AccessRows = { memberships: [], revocations: [], invalidatedAt: 0 };

/** The claims of a token: what it grants, and when it was issued. Null: the grants were judged just now. */
export interface Claimed {
  user: string;
  grants: Grants;
  issuedAt: number | null;
  /** Only these channels and prefix grants are asked for. */
  only?: readonly string[];
}

/** What a person holds: what token and memberships give, less what was revoked since. */
export function heldBy(claimed: Claimed, rows: AccessRows): Grants {
  const { grants, only } = claimed;
  const isPlain = rows.memberships.length === 0 && rows.revocations.length === 0;
  const held = isPlain ? grants : joined(claimed, rows);
  return only === undefined ? held : within(held, only);
}

/** The number of the last event that changed it; 0 where none has. */
export function changedAt({ memberships, revocations, invalidatedAt }: AccessRows): number {
  let last = invalidatedAt;
  if (memberships.length > 0) last = memberships.reduce((most, { n }) => Math.max(most, n), last);
  if (revocations.length > 0) last = revocations.reduce((most, { n }) => Math.max(most, n), last);
  return last;
}

/** What an app's own rules have changed: the app is asked again. Not shown to the person, who gets a `state`. */
export const INVALIDATED = 'access.invalidated';

export function isAccessChange({ type }: Pick<LogEvent, 'type'>): boolean {
  return type === 'access.granted' || type === 'access.revoked' || type === INVALIDATED;
}

/** The same after an event of access that concerns this person. Hearing of one again is harmless. */
export function rowsAfter(rows: AccessRows, { type, n, time, data }: LogEvent): AccessRows {
  if (type === INVALIDATED) return { ...rows, invalidatedAt: Math.max(n, rows.invalidatedAt) };
  const { channels } = JSON.parse(data) as { channels: string[] };
  if (type === 'access.granted') {
    return { ...rows, memberships: latest([...rows.memberships, ...channels.map((channel) => ({ channel, n }))]) };
  }
  const revoked = channels.map((channel) => ({ channel, n, at: Date.parse(time) }));
  return { ...rows, revocations: latest([...rows.revocations, ...revoked]) };
}

function latest<Row extends { channel: string; n: number }>(rows: readonly Row[]): Row[] {
  const byChannel = new Map<string, Row>();
  for (const row of rows) if (row.n >= (byChannel.get(row.channel)?.n ?? 0)) byChannel.set(row.channel, row);
  return [...byChannel.values()];
}

/** A grant and where it comes from: a token or a membership, each of which outlives some revocations. */
interface Source {
  grant: string;
  outlives(row: Revocation): boolean;
}

function joined({ user, grants, issuedAt }: Claimed, { memberships, revocations }: AccessRows): Grants {
  const standing = [...claimedSources(user, grants, issuedAt), ...memberships.map(memberSource)].filter(
    (source) => !revocations.some((row) => includesGrant(row.channel, source.grant) && !source.outlives(row)),
  );
  const exact = standing.flatMap(({ grant }) => (grantPrefix(grant) === null ? [grant] : []));
  const prefixes = standing.flatMap(({ grant }) => grantPrefix(grant) ?? []);
  const except = revocations.filter((row) => takesFromAll(row, standing)).map(({ channel }) => channel);
  const held = { everything: false, exact: [...new Set(exact)], prefixes: [...new Set(prefixes)] };
  return except.length === 0 ? held : { ...held, except };
}

function claimedSources(user: string, { exact, prefixes }: Grants, issuedAt: number | null): Source[] {
  const isOwn = (grant: string) => grant === 'all' || grant === userChannel(user);
  const fromToken = (grant: string): Source => ({
    grant,
    outlives: ({ at }) => isOwn(grant) || issuedAt === null || at < issuedAt,
  });
  return [...exact.map(fromToken), ...prefixes.map((prefix) => fromToken(`${prefix}*`))];
}

function memberSource({ channel, n }: Membership): Source {
  return { grant: channel, outlives: (row) => row.n < n };
}

/** Something below prefixes that are held, and none of these outlives it. */
function takesFromAll(row: Revocation, standing: readonly Source[]): boolean {
  const over = standing.filter(({ grant }) => grantPrefix(grant) !== null && includesGrant(grant, row.channel));
  return over.length > 0 && over.every((source) => !source.outlives(row));
}
