import { matchesType, type TypeFilter } from '@belfry/protocol';

/** What a `state` holds, by the events that change it later. */
const CHANGED_BY = {
  notifications: ['created', 'updated', 'withdrawn', 'state'].map((event) => `notification.${event}`),
  questions: ['opened', 'updated', 'answered', 'expired', 'cancelled'].map((event) => `question.${event}`),
  runs: ['created', 'updated', 'finished'].map((event) => `run.${event}`),
} as const;

export type StateParts = Readonly<Record<keyof typeof CHANGED_BY, boolean>>;

export const ALL_PARTS: StateParts = { notifications: true, questions: true, runs: true };

/**
 * What stands in the `state` of a stream with these `?events=`: that of which it may get an event. What it never hears of
 * again would only grow old there.
 */
export function partsFor(events: TypeFilter | undefined): StateParts {
  if (events === undefined) return ALL_PARTS;
  const has = (part: keyof StateParts) => CHANGED_BY[part].some((type) => matchesType(events, type));
  return { notifications: has('notifications'), questions: has('questions'), runs: has('runs') };
}
