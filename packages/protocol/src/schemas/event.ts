import * as z from 'zod';
import { isCustomEventType } from '../filter.ts';
import { LIMITS } from '../limits.ts';
import { to } from './address.ts';
import { data } from './data.ts';
import { later } from './later.ts';

/** The body of `POST /v1/events`: an app's own event. */
export const newEvent = later(() =>
  z.strictObject({
    to: to.describe('user:<id>, all, role:<name>, topic:<name>, or a list'),
    type: z
      .string({ error: 'must be text' })
      .refine(
        isCustomEventType,
        `must be lower-case words joined by dots, at most ${LIMITS.type} characters, and not belong to notification, question, run, access, system or belfry, which are Belfry's own`,
      ),
    data: data(),
  }),
);

export type NewEvent = z.output<typeof newEvent>;
