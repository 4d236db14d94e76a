import { type Member, type Target, tokenFor } from './target.ts';

/** A reader and what they hold by their token. What the log gives and takes besides, `Holding` works out. */
export interface Viewer {
  /** What faults call it. */
  name: string;
  /** Bearer token or API key. */
  token: string;
  /** A service has no inbox of its own, and so no counts. */
  isService: boolean;
  /** What it asks for by `?channels=`; absent for everything. */
  narrowedTo?: readonly string[];
  /** Null for a service. */
  user: string | null;
  /** Channels, and prefixes that end in `*`. */
  claims: readonly string[];
}

export function memberViewer(name: string, target: Target, member: Member, narrowedTo?: readonly string[]): Viewer {
  const { user, roles, channels } = member;
  const claims = ['all', `user:${user}`, ...roles.map((role) => `role:${role}`), ...channels];
  const viewer = { name, token: tokenFor(target, member), isService: false, user, claims };
  return narrowedTo === undefined ? viewer : { ...viewer, narrowedTo };
}

export function serviceViewer(name: string, { apiKey }: Target): Viewer {
  return { name, token: apiKey, isService: true, user: null, claims: ['*'] };
}

/** Whether a channel, or a prefix that ends in `*`, stands for a channel. */
export function meets(grant: string, channel: string): boolean {
  return grant.endsWith('*') ? channel.startsWith(grant.slice(0, -1)) : grant === channel;
}
