import * as z from 'zod';
import { isCustomEventType } from '../filter.ts';
import { LIMITS } from '../limits.ts';

/** The type of an app's own event, to people or of a run. */
export function customEventType() {
  return z
    .string({ error: 'must be text' })
    .refine(
      isCustomEventType,
      `must be lower-case words joined by dots, at most ${LIMITS.type} characters, and not belong to notification, question, run, access, system or belfry, which are Belfry's own`,
    );
}
