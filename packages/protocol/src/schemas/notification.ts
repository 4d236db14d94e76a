import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { MARKS, SEVERITIES } from '../notification.ts';
import { notificationType, to } from './address.ts';
import { data } from './data.ts';
import { link, oneOf, optionalText, text, time } from './text.ts';

export const subject = z.strictObject({
  kind: text(LIMITS.label),
  id: text(LIMITS.id),
  code: text(LIMITS.label).optional(),
  title: text(LIMITS.title).optional(),
  url: link().optional(),
});

const action = z.strictObject({ id: text(LIMITS.id), label: text(LIMITS.label), url: link().optional() });
const actor = z.strictObject({ name: text(LIMITS.title), avatarUrl: link().optional() });

/** What can be set at creation and edited later. */
const content = {
  body: optionalText(LIMITS.body),
  actionUrl: link().nullish(),
  actions: z.array(action).max(LIMITS.actions, `is too long: at most ${LIMITS.actions} actions`).optional(),
  actor: actor.nullish(),
  icon: optionalText(LIMITS.url),
  severity: z.enum(SEVERITIES, { error: oneOf(SEVERITIES) }).optional(),
  subject: subject.nullish(),
  data: data().optional(),
  expiresAt: time().nullish(),
};

/** The body of `POST /v1/notifications`. `to` may be left out by a person, who then writes to themselves. */
export const newNotification = z.strictObject({
  to: to.optional(),
  type: notificationType,
  title: text(LIMITS.title),
  ...content,
  dedupeKey: text(LIMITS.dedupeKey).nullish(),
});

export type NewNotification = z.output<typeof newNotification>;

/** The body of `POST /v1/notifications/batch`. */
export const notificationBatch = z.strictObject({
  notifications: z
    .array(newNotification)
    .min(1, 'must hold at least one notification')
    .max(LIMITS.batchItems, `is too long: at most ${LIMITS.batchItems.toLocaleString('en')} in a batch`),
});

/** The body of `PATCH /v1/notifications/{id}`. */
export const notificationPatch = z
  .strictObject({ title: text(LIMITS.title).optional(), ...content })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must change something');

export type PatchNotification = z.output<typeof notificationPatch>;

/** The body of `POST /v1/inbox/marks`. */
export const marks = z.strictObject({
  ids: z
    .array(text(LIMITS.id))
    .min(1, 'must name at least one id')
    .max(LIMITS.marks, `is too long: at most ${LIMITS.marks.toLocaleString('en')} ids`),
  mark: z.enum(MARKS, { error: oneOf(MARKS) }),
});
