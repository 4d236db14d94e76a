import { createHmac } from 'node:crypto';

const LIFETIME_S = 300;

/** A JWT, signed with the secret that Belfry checks it with. */
export function tokenFor(user) {
  const claims = { sub: user, exp: Math.floor(Date.now() / 1_000) + LIFETIME_S };
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${unsigned}.${createHmac('sha256', process.env.BELFRY_JWT_SECRET).update(unsigned).digest('base64url')}`;
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
