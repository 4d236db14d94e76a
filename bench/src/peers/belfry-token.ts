import { createHmac } from 'node:crypto';
import { JWT_SECRET } from './belfry-secrets.ts';

const TOKEN_SECONDS = 3_600;

/** What a person's token says beside who they are. */
export interface Held {
  tenant?: string;
  topics?: readonly string[];
}

/** Signing takes time of the generator's core: once a person. */
const tokens = new Map<string, string>();

export function bearer(user: number, held: Held = {}): string {
  const who = `${user} ${held.tenant ?? ''} ${held.topics?.join() ?? ''}`;
  const known = tokens.get(who) ?? token(user, held);
  tokens.set(who, known);
  return `authorization: Bearer ${known}`;
}

function token(user: number, { tenant, topics }: Held): string {
  const exp = Math.floor(Date.now() / 1_000) + TOKEN_SECONDS;
  // What is undefined is left out.
  const claims = { sub: String(user), tenant, channels: topics?.map((topic) => `topic:${topic}`), exp };
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
