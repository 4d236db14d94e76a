import type { Person } from '@belfry/core';
import { BelfryError, isGrant, isName, isTenant } from '@belfry/protocol';
import * as z from 'zod';

/** To the end of the year 9999: later times can't be written as RFC 3339. */
const seconds = z.number().min(0).max(253_402_300_799);

const claims = z.object({
  sub: z.string().refine(isName),
  tenant: z.string().refine(isTenant).default('default'),
  name: z.string().max(200).nullish(),
  avatarUrl: z.string().max(2_000).nullish(),
  roles: z.array(z.string().refine(isName)).max(100).default([]),
  channels: z.array(z.string().refine(isGrant)).max(1_000).default([]),
  scope: z.string().nullish(),
  since: seconds.nullish(),
  exp: seconds,
});

/**
 * The person that a verified token's claims speak of.
 *
 * @throws BelfryError `unauthenticated`, naming the claim that won't do.
 */
export function personFromClaims(payload: unknown): Person {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) {
    const claim = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new BelfryError('unauthenticated', `The token's claim "${claim}" is missing or not valid.`);
  }
  const { sub, tenant, name, avatarUrl, roles, channels, scope, since, exp } = parsed.data;
  return {
    kind: 'person',
    tenant,
    user: sub,
    name: name ?? null,
    avatarUrl: avatarUrl ?? null,
    roles,
    channels,
    readOnly: scope === 'read',
    since: since == null ? null : since * 1_000,
    expiresAt: exp * 1_000,
  };
}
