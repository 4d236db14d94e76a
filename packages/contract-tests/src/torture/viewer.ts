import { type Member, type Target, tokenFor } from './target.ts';

/**
 * A reader's rights, as the checker judges them: worked out here again, by the simplest rule there is, and not by the
 * code under test.
 */
export interface Viewer {
  /** What faults call it. */
  name: string;
  /** Bearer token or API key. */
  token: string;
  /** A service has no inbox of its own, and so no counts. */
  isService: boolean;
  /** What it asks for by `?channels=`; absent for everything. */
  narrowedTo?: readonly string[];
  /** The channel something comes by: the first of `to` that it holds. Null: not theirs. */
  channelOf(to: readonly string[]): string | null;
}

export function memberViewer(name: string, target: Target, member: Member, narrowedTo?: readonly string[]): Viewer {
  const { user, roles, channels } = member;
  const all = ['all', `user:${user}`, ...roles.map((role) => `role:${role}`), ...channels];
  const viewer = viewerOf(name, tokenFor(target, member), false, narrowedTo ?? all);
  return narrowedTo === undefined ? viewer : { ...viewer, narrowedTo };
}

export function serviceViewer(name: string, { apiKey }: Target): Viewer {
  return viewerOf(name, apiKey, true, ['*']);
}

function viewerOf(name: string, token: string, isService: boolean, held: readonly string[]): Viewer {
  const channelOf = (to: readonly string[]) =>
    to.find((channel) => held.some((grant) => meets(grant, channel))) ?? null;
  return { name, token, isService, channelOf };
}

function meets(grant: string, channel: string): boolean {
  return grant.endsWith('*') ? channel.startsWith(grant.slice(0, -1)) : grant === channel;
}
