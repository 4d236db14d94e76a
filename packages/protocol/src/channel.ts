import { BelfryError } from './errors.ts';

/**
 * Where something can be sent, inside one tenant: `user:<id>`, `all`, `role:<name>` or `topic:<name>`.
 * `system:` is reserved.
 */
export type Channel = string;

export type ChannelKind = 'user' | 'all' | 'role' | 'topic';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._~@|+:/-]{0,199}$/;
const PREFIXED = /^(user|role|topic):(.*)$/s;

/** Users, roles and topics are named alike. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** A tenant's name is a name without `/`, so that it can stand in a path. */
export function isTenant(text: string): boolean {
  return NAME.test(text) && !text.includes('/');
}

export function channelKind(text: string): ChannelKind | null {
  if (text === 'all') return 'all';
  const match = PREFIXED.exec(text);
  if (!match || !NAME.test(match[2] as string)) return null;
  return match[1] as ChannelKind;
}

export function isChannel(text: string): boolean {
  return channelKind(text) !== null;
}

/** @throws BelfryError `invalid`, naming `field`. */
export function assertChannel(text: string, field: string): Channel {
  if (isChannel(text)) return text;
  throw new BelfryError(
    'invalid',
    `${quote(text)} is not a channel. Use user:<id>, all, role:<name> or topic:<name>, where a name starts with a letter or digit and may hold . _ ~ @ | + : / -`,
    { field },
  );
}

export function userChannel(user: string): Channel {
  return `user:${user}`;
}

/** Quotes a stranger's text for an error message: short, on one line, nothing unprintable. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(short);
}
