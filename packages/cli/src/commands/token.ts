import { isGrant, isName, isTenant, quote } from '@belfry/protocol';
import { defineCommand } from 'citty';
import { SignJWT } from 'jose';
import { durationSeconds } from '../duration.ts';
import { readSettings } from '../settings/settings.ts';
import { print, UsageError } from '../terminal.ts';

export const token = defineCommand({
  meta: { name: 'token', description: 'Make a token for a person, signed with BELFRY_JWT_SECRET.' },
  args: {
    user: { type: 'positional', description: 'Who it is for', required: true, valueHint: 'user' },
    tenant: { type: 'string', description: 'The tenant', default: 'default', valueHint: 'name' },
    name: { type: 'string', description: 'Their name, as others see it', valueHint: 'text' },
    roles: { type: 'string', description: 'Their roles, a comma list', valueHint: 'a,b' },
    channels: { type: 'string', description: 'More channels, a comma list: topic:x, topic:team/*', valueHint: 'a,b' },
    'read-only': { type: 'boolean', description: 'It may look, and change nothing' },
    expires: { type: 'string', description: 'How long it is good for: 90s, 15m, 2h, 7d', default: '1h' },
  },
  async run({ args }) {
    const { secret, issuer, audience } = readSettings(process.env).server.auth?.jwt ?? {};
    if (secret === undefined) throw new UsageError('Set BELFRY_JWT_SECRET to the secret that the server has.');
    const claims = {
      tenant: checked([args.tenant], TENANT, '--tenant')[0],
      ...(args.name === undefined ? {} : { name: args.name }),
      roles: checked(list(args.roles), NAME, '--roles'),
      channels: checked(list(args.channels), GRANT, '--channels'),
      ...(args['read-only'] ? { scope: 'read' } : {}),
    };
    const now = Math.floor(Date.now() / 1_000);
    const signing = new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(checked([args.user], NAME, 'The user')[0] as string)
      .setIssuedAt(now)
      .setExpirationTime(now + durationSeconds(args.expires, '--expires'));
    if (issuer !== undefined) signing.setIssuer(issuer);
    if (audience !== undefined) signing.setAudience(audience);
    print(await signing.sign(new TextEncoder().encode(secret)));
  },
});

function list(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((part) => part !== '');
}

const NAME_RULE = 'starts with a letter or digit, and holds letters, digits and . _ ~ @ | + : / - only, at most 200';

const NAME: Rule = { isRight: isName, words: `A name ${NAME_RULE}` };
const TENANT: Rule = { isRight: isTenant, words: `A tenant's name ${NAME_RULE}, without /` };
const GRANT: Rule = {
  isRight: isGrant,
  words: 'Give user:<id>, all, role:<name>, topic:<name>, or a prefix as topic:team/*',
};

interface Rule {
  isRight(value: string): boolean;
  words: string;
}

function checked(values: string[], { isRight, words }: Rule, option: string): string[] {
  const wrong = values.find((value) => !isRight(value));
  if (wrong !== undefined) throw new UsageError(`${option}: ${quote(wrong)} is not valid. ${words}.`);
  return values;
}
