import { isChannel, isGrant, isTypePattern, LIMITS, QUESTION_STATUSES, SEVERITIES } from '@belfry/protocol';
import { later } from '@belfry/protocol/schemas';
import * as z from 'zod';

/** `a,b,c` as a list without repeats; every part must pass `isPart`. */
export function commaList(isPart: (part: string) => boolean, what: string, max: number = LIMITS.filters) {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((parts) => parts.length <= max, `is too long: at most ${max}`)
    .refine((parts) => parts.every(isPart), `must be a comma list of ${what}`)
    .transform((parts) => [...new Set(parts)]);
}

/** Channels, and prefixes of topics. */
export const channels = later(() =>
  commaList((part) => isChannel(part) || isGrant(part), 'channels', LIMITS.replayChannels),
);

export const types = later(() => commaList(isTypePattern, 'types, each may end in *'));

export const severities = later(() =>
  commaList((part) => (SEVERITIES as readonly string[]).includes(part), SEVERITIES.join(', ')),
);

export const questionStatuses = later(() =>
  commaList((part) => (QUESTION_STATUSES as readonly string[]).includes(part), QUESTION_STATUSES.join(', ')),
);

/** `kind:id`, as in `story:42`. */
export const subjectQuery = later(() =>
  z
    .string()
    .regex(/^[^:\0]{1,100}:[^\0]{1,200}$/, 'must be kind:id, such as story:42')
    .transform((text) => ({ kind: text.slice(0, text.indexOf(':')), id: text.slice(text.indexOf(':') + 1) })),
);

export const limit = later(() => wholeNumber(1, LIMITS.pageMax));

export function wholeNumber(min: number, max: number) {
  const mend = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, mend)
    .transform(Number)
    .refine((value) => value >= min && value <= max, mend);
}
