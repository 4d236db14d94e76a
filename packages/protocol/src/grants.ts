import { type Channel, channelKind, isName, userChannel } from './channel.ts';

/**
 * What a reader may receive. `everything` is a service that follows its whole tenant.
 * `prefixes` come from grants such as `topic:products/*` and are kept without the `*`.
 */
export interface Grants {
  everything: boolean;
  exact: readonly Channel[];
  prefixes: readonly string[];
  /**
   * What was revoked: channels, and prefixes that end in `*`. Each takes from the prefixes that it lies under, and nothing
   * from longer ones, which were given below it since, or from `exact`.
   */
  except?: readonly string[];
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

/** Whether a channel or prefix grant stands for all that another one stands for. */
export function includesGrant(outer: string, inner: string): boolean {
  const prefix = grantPrefix(outer);
  return prefix === null ? outer === inner : inner.startsWith(prefix);
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
  return grants.prefixes.some((prefix) => channel.startsWith(prefix) && !isExcepted(grants, prefix, channel));
}

/** Whether every channel that `text` (a channel or a prefix grant) stands for is held. */
export function covers(grants: Grants, text: string): boolean {
  const prefix = grantPrefix(text);
  if (prefix === null) return holds(grants, text);
  if (grants.everything) return true;
  const isWhole = (held: string) => !exceptionsUnder(grants, held).some((one) => includesGrant(text, one));
  return grants.prefixes.some((held) => prefix.startsWith(held) && isWhole(held) && !isExcepted(grants, held, text));
}

/** The first of `to` that the reader holds: the channel a delivery came by. Null: not theirs. */
export function firstHeld(grants: Grants, to: readonly Channel[]): Channel | null {
  for (const channel of to) if (holds(grants, channel)) return channel;
  return null;
}

/** The part of these grants that lies within some channels and prefix grants: never more than there was. */
export function within(grants: Grants, wanted: readonly string[]): Grants {
  if (grants.everything) {
    const prefixes = wanted.map(grantPrefix).filter((prefix) => prefix !== null);
    return { ...NOTHING, exact: wanted.filter((one) => grantPrefix(one) === null), prefixes };
  }
  const { except } = grants;
  const prefixes = [...new Set(wanted.flatMap((one) => overlap(grants, one)))];
  const below = { ...NOTHING, prefixes, ...(except === undefined ? {} : { except }) };
  const exact = new Set([
    ...wanted.filter((one) => grantPrefix(one) === null && holds(grants, one)),
    ...grants.exact.filter((channel) => wanted.some((one) => includesGrant(one, channel)) && !holds(below, channel)),
  ]);
  return { ...below, exact: [...exact] };
}

/** Of a prefix grant and each prefix that is held, the longer one. */
function overlap(grants: Grants, text: string): string[] {
  const wanted = grantPrefix(text);
  if (wanted === null) return [];
  return grants.prefixes.flatMap((held) => {
    if (wanted.startsWith(held)) return isExcepted(grants, held, text) ? [] : [wanted];
    return held.startsWith(wanted) ? [held] : [];
  });
}

/** Whether all of what is below this prefix was revoked from it. */
function isExcepted(grants: Grants, prefix: string, below: string): boolean {
  return exceptionsUnder(grants, prefix).some((excepted) => includesGrant(excepted, below));
}

function exceptionsUnder({ except = [] }: Grants, prefix: string): readonly string[] {
  return except.filter((excepted) => excepted.startsWith(prefix));
}
