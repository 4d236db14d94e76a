import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { later } from './later.ts';
import { absentOr, key, text } from './text.ts';

const ADDRESS = 'must be an http(s) address';
const webAddress = later(() => z.url({ protocol: /^https?$/ }));

/** Where a person is sent on to: nothing but the web. */
const address = () =>
  z
    .string({ error: ADDRESS })
    .max(LIMITS.url, `is too long: at most ${LIMITS.url} characters`)
    .refine((value) => /^https?:\/\/[^\s\\]+$/i.test(value) && webAddress.safeParse(value).success, ADDRESS);

/** It stands in a path, where `.` and `..` would lead elsewhere. */
const name = () =>
  key(LIMITS.label).refine(
    (value) => !/^\.{1,2}$|\p{Cc}/u.test(value),
    'must not be . or .., and hold no control characters',
  );

const artifact = () =>
  z.strictObject({
    name: name(),
    url: address(),
    contentType: absentOr(text(LIMITS.label)),
    size: absentOr(z.int('must be a whole number of bytes').min(0, 'must not be negative')),
  });

export const artifacts = later(() =>
  z
    .array(artifact())
    .max(LIMITS.artifacts, `is too long: at most ${LIMITS.artifacts} artifacts`)
    .refine((list) => new Set(list.map((one) => one.name)).size === list.length, 'must not name one twice'),
);
