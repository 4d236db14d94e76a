import { createHmac, createSecretKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { verifyHs256 } from '../src/auth/hs256.ts';

const SECRET = 'a secret for tests, of more than 32 bytes';
const NOW = 2_000_000_000;
const CHECKS = {
  requiredClaims: ['sub', 'exp'],
  issuer: 'https://issuer.example',
  audience: 'belfry',
  currentDate: new Date(NOW * 1_000 + 400),
};
const GOOD = { sub: 'ada', exp: NOW + 60, iss: 'https://issuer.example', aud: 'belfry' };

const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function signed(claims: unknown, header: unknown = { alg: 'HS256' }, secret = SECRET): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const without = (name: string) => Object.fromEntries(Object.entries(GOOD).filter(([key]) => key !== name));
const [head, body, signature] = signed(GOOD).split('.') as [string, string, string];

const TOKENS: Record<string, string> = {
  good: signed(GOOD),
  'one of several audiences': signed({ ...GOOD, aud: ['other', 'belfry'] }),
  'with a type and a key': signed(GOOD, { alg: 'HS256', typ: 'JWT', kid: '1' }),
  'good from now on': signed({ ...GOOD, nbf: NOW, iat: NOW }),
  'issued in the future': signed({ ...GOOD, iat: NOW + 500 }),
  'text past ASCII': signed({ ...GOOD, sub: 'Ünï ✓' }),
  ended: signed({ ...GOOD, exp: NOW - 1 }),
  'ending now': signed({ ...GOOD, exp: NOW }),
  'not good yet': signed({ ...GOOD, nbf: NOW + 1 }),
  'nobody’s': signed(without('sub')),
  endless: signed(without('exp')),
  'without an issuer': signed(without('iss')),
  'without an audience': signed(without('aud')),
  'of another issuer': signed({ ...GOOD, iss: 'https://other.example' }),
  'for another': signed({ ...GOOD, aud: 'other' }),
  'for several others': signed({ ...GOOD, aud: ['other', 'another'] }),
  'for an object': signed({ ...GOOD, aud: { belfry: 'belfry' } }),
  'an end that is text': signed({ ...GOOD, exp: String(NOW + 60) }),
  'an end that is null': signed({ ...GOOD, exp: null }),
  'a beginning that is text': signed({ ...GOOD, nbf: '1' }),
  'a time of issue that is text': signed({ ...GOOD, iat: 'x' }),
  'signed by another': signed(GOOD, { alg: 'HS256' }, `${SECRET}!`),
  'a list for claims': signed([GOOD]),
  'text for claims': signed('"ada"'),
  'claims that are no JSON': signed('{"sub":'),
  'a list for a header': signed(GOOD, [{ alg: 'HS256' }]),
  'unsigned by its header': signed(GOOD, { alg: 'none' }),
  'another algorithm': signed(GOOD, { alg: 'HS384' }),
  'lower case': signed(GOOD, { alg: 'hs256' }),
  'an extension that must be known': signed(GOOD, { alg: 'HS256', crit: ['x'], x: 1 }),
  'a payload that is not encoded': signed(GOOD, { alg: 'HS256', crit: ['b64'], b64: false }),
  'no signature': `${head}.${body}.`,
  'two parts': `${head}.${body}`,
  'four parts': `${head}.${body}.${signature}.`,
  'a signature cut short': `${head}.${body}.${signature.slice(0, -1)}`,
  'a signature that goes on': `${head}.${body}.${signature}A`,
  'other claims under the same signature': `${head}.${encoded({ ...GOOD, sub: 'ben' })}.${signature}`,
  'another header under the same signature': `${encoded({ alg: 'HS256', kid: '2' })}.${body}.${signature}`,
  nothing: '',
  dots: '..',
};

it.each(Object.entries(TOKENS))('a token is judged as the library judges it: %s', async (_, token) => {
  const key = new TextEncoder().encode(SECRET);
  const byLibrary = await jwtVerify(token, key, { ...CHECKS, algorithms: ['HS256'] }).then(
    ({ payload }) => ({ payload }),
    ({ code, claim, reason }: Record<string, unknown>) => ({ code, claim, reason }),
  );
  let byUs: object;
  try {
    byUs = { payload: verifyHs256(token, createSecretKey(SECRET, 'utf8'), CHECKS) };
  } catch (error) {
    const { code, claim, reason } = error as Record<string, unknown>;
    byUs = { code, claim, reason };
  }
  // What can't be read at all has several codes, and one answer.
  if ('payload' in byLibrary || byLibrary.claim !== undefined) expect(byUs).toEqual(byLibrary);
  else expect(byUs).toMatchObject({ code: expect.stringMatching(/^ERR_/), claim: undefined });
});

it('every letter of a token counts', () => {
  const key = createSecretKey(SECRET, 'utf8');
  const token = signed(GOOD);
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'A' ? 'B' : 'A';
    const altered = token.slice(0, at) + other + token.slice(at + 1);
    expect(() => verifyHs256(altered, key, CHECKS), altered).toThrow();
  }
});
