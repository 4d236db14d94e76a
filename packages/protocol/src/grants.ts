import { type Channel, channelKind, isName, userChannel } from './channel.ts';

/**
 * What a reader may receive. `everything` is a service that follows its whole tenant.
 * `prefixes` come from grants such as `topic:products/*` and are kept without the `*`.
 */
export interface Grants {
  everything: boolean;
  exact: readonly Channel[];
  prefixes: readonly string[];
}

export const EVERYTHING: Grants = { everything: true, exact: [], prefixes: [] };
export const NOTHING: Grants = { everything: false, exact: [], prefixes: [] };

/** A grant as a token or a membership writes it: a channel, or a `topic:` prefix that ends in `*`. */
export function isGrant(text: string): boolean {
  return channelKind(text) !== null || grantPrefix(text) !== null;
}

/** The prefix of `topic:<prefix>*`, without the star; null for anything else. */
export function grantPrefix(text: string): string | null {
  if (!text.startsWith('topic:') || !text.endsWith('*')) return null;
  const prefix = text.slice(0, -1);
  const name = prefix.slice('topic:'.length);
  return name === '' || isName(name) ? prefix : null;
}

/** Everything a person holds: their own channel, `all`, their roles, and what their token names. */
export function grantsOf(user: string, roles: readonly string[], channels: readonly string[]): Grants {
  const exact = new Set<Channel>([userChannel(user), 'all']);
  const prefixes = new Set<string>();
  for (const role of roles) exact.add(`role:${role}`);
  for (const grant of channels) {
    const prefix = grantPrefix(grant);
    if (prefix === null) exact.add(grant);
    else prefixes.add(prefix);
  }
  return { everything: false, exact: [...exact], prefixes: [...prefixes] };
}

export function holds(grants: Grants, channel: Channel): boolean {
  if (grants.everything || grants.exact.includes(channel)) return true;
  return grants.prefixes.some((prefix) => channel.startsWith(prefix));
}

/** Whether every channel that `text` (a channel or a prefix grant) stands for is held. */
export function covers(grants: Grants, text: string): boolean {
  const prefix = grantPrefix(text);
  if (prefix === null) return holds(grants, text);
  return grants.everything || grants.prefixes.some((held) => prefix.startsWith(held));
}

/** The first of `to` that the reader holds: the channel a delivery came by. Null: not theirs. */
export function firstHeld(grants: Grants, to: readonly Channel[]): Channel | null {
  for (const channel of to) if (holds(grants, channel)) return channel;
  return null;
}
