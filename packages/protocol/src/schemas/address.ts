import * as z from 'zod';
import { isChannel, quote } from '../channel.ts';
import { isNotificationType } from '../filter.ts';
import { LIMITS } from '../limits.ts';
import { later, made } from './later.ts';

export const channel = later(() =>
  z.string({ error: 'must be a channel: user:<id>, all, role:<name> or topic:<name>' }).refine(isChannel, {
    error: (issue) =>
      `${quote(String(issue.input))} is not a channel. Use user:<id>, all, role:<name> or topic:<name>; a name starts with a letter or digit and may hold . _ ~ @ | + : / -`,
  }),
);

const channels = () =>
  z
    .array(made(channel))
    .min(1, 'must name a channel')
    .max(LIMITS.channels, `is too long: at most ${LIMITS.channels} channels`);

/** One channel or a list of them, as a list without repeats and in the sender's order. */
export const to = later(() =>
  z
    .union([channel.transform((one) => [one]), channels()], {
      error: 'must be a channel or a list of channels: user:<id>, all, role:<name> or topic:<name>',
    })
    .transform((list) => [...new Set(list)]),
);

export const notificationType = later(() =>
  z
    .string({ error: 'must be text' })
    .refine(
      isNotificationType,
      `must be 1 to ${LIMITS.type} letters, digits and . _ : / -, starting with a letter or digit`,
    ),
);
