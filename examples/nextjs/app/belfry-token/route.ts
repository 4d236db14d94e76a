import { createHmac } from 'node:crypto';

const LIFETIME_S = 300;

export const dynamic = 'force-dynamic';

/** A JWT for whoever is signed in, which is always user 42 here. */
export function GET() {
  return new Response(tokenFor('42'), { headers: { 'Cache-Control': 'no-store' } });
}

function tokenFor(user: string): string {
  const claims = { sub: user, exp: Math.floor(Date.now() / 1_000) + LIFETIME_S };
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  const secret = process.env.BELFRY_JWT_SECRET ?? '';
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
