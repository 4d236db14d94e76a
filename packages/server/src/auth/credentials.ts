import type { RequestHeaders } from '../http/request.ts';

const TOKEN_COOKIE = 'belfry_token';

/** The token of `Authorization: Bearer`; null without that header, or with another scheme. */
export function bearerToken(headers: RequestHeaders): string | null {
  const match = /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '');
  return match?.[1] ?? null;
}

export function cookieToken(headers: RequestHeaders): string | null {
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const [name, ...rest] = pair.split('=');
    if (name?.trim() === TOKEN_COOKIE) return rest.join('=').trim() || null;
  }
  return null;
}

const JWT = /^[^.]*\.[^.]*\.[^.]*$/;

/** A JWT has three parts; our keys have none. */
export function looksLikeJwt(token: string): boolean {
  return JWT.test(token);
}
