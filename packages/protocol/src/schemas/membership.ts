import * as z from 'zod';
import { channelKind, isName } from '../channel.ts';
import { grantPrefix } from '../grants.ts';
import { later } from './later.ts';

/** What can be given and taken by name: everyone holds `all` and their own channel, whatever happens. */
export const memberChannel = later(() =>
  z
    .string({ error: 'must be text' })
    .refine(isMemberChannel, 'must be topic:<name>, role:<name>, or a topic: prefix that ends in *'),
);

/** A topic or role itself, without a star. */
export const wholeChannel = later(() =>
  z
    .string({ error: 'must be text' })
    .refine((text) => isMemberChannel(text) && grantPrefix(text) === null, 'must be topic:<name> or role:<name>'),
);

export const userName = later(() =>
  z
    .string({ error: 'must be text' })
    .refine(isName, 'must start with a letter or digit, hold letters, digits and . _ ~ @ | + : / - only, at most 200'),
);

/** The body of `PUT /v1/memberships`. */
export const membership = later(() =>
  z.strictObject({
    channel: memberChannel.describe('topic:<name>, role:<name>, or a topic: prefix that ends in *'),
    user: userName.describe('Who gets it'),
  }),
);

function isMemberChannel(text: string): boolean {
  const kind = channelKind(text);
  return kind === 'topic' || kind === 'role' || grantPrefix(text) !== null;
}
