import { timingSafeEqual } from 'node:crypto';
import { type ApiKeys, SCOPES, type Service } from '@belfry/core';
import { BelfryError, isTenant } from '@belfry/protocol';

/** What the key of the settings is called: it is in no database. */
export const ROOT_KEY = 'root';

/** Finds who an API key stands for: the one of the settings, or one of the database. */
export function createKeyVerifier(rootKey: string | undefined, keys: ApiKeys) {
  const isRoot = rootKey === undefined ? () => false : sameAs(rootKey);

  /** Null: it is another. */
  const asRoot = (secret: string, tenantHeader: string | null): Service | null => {
    if (!isRoot(secret)) return null;
    return { kind: 'service', tenant: tenantNamed(tenantHeader), key: ROOT_KEY, scopes: SCOPES, tenants: 'all' };
  };

  const verify = async (secret: string, tenantHeader: string | null): Promise<Service> => {
    const key = await keys.find(secret);
    if (key === null) throw unknownCredential();
    const who = { kind: 'service', key: key.id, scopes: key.scopes } as const;
    if (key.tenant === null) return { ...who, tenant: tenantNamed(tenantHeader), tenants: 'all' };
    if (tenantHeader === null || tenantHeader === key.tenant) return { ...who, tenant: key.tenant, tenants: 'one' };
    throw new BelfryError('forbidden', 'This API key belongs to another tenant.', { field: 'Belfry-Tenant' });
  };

  return { asRoot, verify };
}

/** It comes here because it does not look like a JWT; which of the two it was meant to be, nobody can say. */
function unknownCredential(): BelfryError {
  return new BelfryError(
    'unauthenticated',
    'The Bearer token is neither a JWT nor an API key that this server knows. A removed key is not known any more.',
  );
}

function tenantNamed(header: string | null): string {
  const tenant = header ?? 'default';
  if (isTenant(tenant)) return tenant;
  const message = 'Belfry-Tenant must start with a letter or digit and hold letters, digits and . _ ~ @ | + : - only.';
  throw new BelfryError('invalid', message, { field: 'Belfry-Tenant' });
}

/** As much is compared whatever is given, so the time it takes says nothing of the key. A hash would cost ten times. */
function sameAs(rootKey: string): (secret: string) => boolean {
  const key = Buffer.from(rootKey);
  // One for all requests: to make one for each would cost more than to compare them.
  const given = Buffer.alloc(key.length);
  return (secret) => {
    given.fill(0);
    given.write(secret);
    return timingSafeEqual(key, given) && Buffer.byteLength(secret) === key.length;
  };
}
