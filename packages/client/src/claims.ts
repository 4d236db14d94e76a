/** What a JWT says of itself; its signature is for the server to check. Null: it is none, or names nobody. */
export function claimsOf(token: string): Record<string, unknown> | null {
  try {
    const payload = token.split('.')[1] ?? '';
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, unknown>;
    return 'sub' in claims ? claims : null;
  } catch {
    return null;
  }
}

/** Whose token it is, as one text; null where only the server can tell. One without a tenant is for the one called `default`. */
export function personOf(token: string): string | null {
  const claims = claimsOf(token);
  return claims && JSON.stringify([claims.tenant ?? 'default', claims.sub]);
}
