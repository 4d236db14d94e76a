import type { Person } from '@belfry/core';
import { BelfryError, isGrant, isName, isTenant } from '@belfry/protocol';
import { isSafeLink, later } from '@belfry/protocol/schemas';
import * as z from 'zod';

/** To the end of the year 9999: later times can't be written as RFC 3339. Now in milliseconds is later by far. */
const seconds = () =>
  z
    .number('must be a number of seconds since 1970')
    .min(0, 'must be a number of seconds since 1970')
    .max(253_402_300_799, 'must be in seconds since 1970; this looks like milliseconds');

const NAME_RULE = 'must start with a letter or digit, hold letters, digits and . _ ~ @ | + : / - only, at most 200';

const text = () => z.string('must be text');
const name = () => text().refine(isName, NAME_RULE);
const grant = () => text().refine(isGrant, 'must be a channel, or a topic: prefix that ends in *');

const claims = later(() =>
  z.object({
    sub: name(),
    tenant: text().refine(isTenant, `${NAME_RULE}, without /`).default('default'),
    name: text()
      .transform(printable)
      .refine(({ length }) => length <= 200, 'must have at most 200 characters')
      .nullish(),
    avatarUrl: text()
      .max(2_000, 'must have at most 2,000 characters')
      .refine((url) => url === '' || isSafeLink(url), 'must be an http(s) address, or a path that starts with one /')
      .nullish(),
    roles: z.array(name(), 'must be a list').max(100, 'must have at most 100 items').default([]),
    channels: z.array(grant(), 'must be a list').max(1_000, 'must have at most 1,000 items').default([]),
    scope: text().nullish(),
    since: seconds().nullish(),
    iat: seconds().nullish(),
    exp: seconds(),
  }),
);

/**
 * The person that a verified token's claims speak of.
 *
 * @throws BelfryError `unauthenticated`, naming the claim that won't do and what it must be.
 */
export function personFromClaims(payload: unknown): Person {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw wrongClaim(parsed.error.issues[0]);
  const { sub, tenant, name, avatarUrl, roles, channels, scope, since, iat, exp } = parsed.data;
  return {
    kind: 'person',
    tenant,
    user: sub,
    name: name ?? null,
    avatarUrl: avatarUrl || null,
    roles,
    channels,
    readOnly: isReadOnly(scope),
    since: since == null ? null : since * 1_000,
    // One that does not say when it was issued was issued before whatever was revoked.
    issuedAt: (iat ?? 0) * 1_000,
    expiresAt: exp * 1_000,
  };
}

/** A name is shown to others: on one line, and as text that every database can keep. */
function printable(name: string): string {
  return name.toWellFormed().replaceAll(/\p{Cc}/gu, '');
}

function wrongClaim(issue: z.core.$ZodIssue | undefined): BelfryError {
  const claim = issue?.path.join('.') ?? '';
  return new BelfryError('unauthenticated', `The token's claim "${claim}" ${issue?.message ?? 'does not fit'}.`);
}

/** Scopes are a list with spaces (RFC 8693 4.2). In doubt a token may write less, not more. */
function isReadOnly(scope: string | null | undefined): boolean {
  return (scope ?? '').toLowerCase().split(/\s+/).includes('read');
}
