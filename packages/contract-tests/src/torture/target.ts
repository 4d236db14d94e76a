import { createHmac } from 'node:crypto';

/** The server under torture and how to get in. */
export interface Target {
  url: string;
  apiKey: string;
  jwtSecret: string;
}

/** Someone a token is made for. */
export interface Member {
  user: string;
  roles: readonly string[];
  /** Topics, and topic prefixes that end in `*`. */
  channels: readonly string[];
}

/** An HS256 token, good for an hour. */
export function tokenFor({ jwtSecret }: Pick<Target, 'jwtSecret'>, member: Member): string {
  const { user: sub, roles, channels } = member;
  const exp = Math.floor(Date.now() / 1_000) + 3_600;
  const signed = [
    { alg: 'HS256', typ: 'JWT' },
    { sub, roles, channels, exp },
  ]
    .map(base64)
    .join('.');
  return `${signed}.${createHmac('sha256', jwtSecret).update(signed).digest('base64url')}`;
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
