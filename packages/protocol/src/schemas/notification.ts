import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { MARKS, SEVERITIES } from '../notification.ts';
import { notificationType, to } from './address.ts';
import { data } from './data.ts';
import { digits } from './digits.ts';
import { later, made } from './later.ts';
import { plainBatch, plainNotification } from './plain-notification.ts';
import { withShortcut } from './shortcuts.ts';
import { absentOr, icon, key, link, oneOf, optionalText, text, time } from './text.ts';

export const subject = later(() =>
  z.strictObject({
    kind: key(LIMITS.label),
    id: key(LIMITS.id),
    code: absentOr(text(LIMITS.label)),
    title: absentOr(text(LIMITS.title)),
    url: absentOr(link()),
  }),
);

const action = () => z.strictObject({ id: text(LIMITS.id), label: text(LIMITS.label), url: absentOr(link()) });
const actor = () => z.strictObject({ name: text(LIMITS.title), avatarUrl: absentOr(link()) });

const severity = () => z.enum(SEVERITIES, { error: oneOf(SEVERITIES) });

const fallback = () =>
  z.strictObject({
    afterSeconds: z
      .int({ error: 'must be a whole number of seconds' })
      .min(1, 'must be at least 1 second')
      .max(LIMITS.fallbackSeconds, 'must be at most 30 days'),
    until: z.enum(['seen', 'read'], { error: oneOf(['seen', 'read']) }),
  });

/** What can be set at creation and edited later. Null is the same as leaving it out; in an edit it clears. */
const content = () => ({
  body: optionalText(LIMITS.body).describe('More text under the title'),
  actionUrl: link().nullish().describe('Where opening it leads: http(s), or a path in your app'),
  actions: z
    .array(action())
    .max(LIMITS.actions, `is too long: at most ${LIMITS.actions} actions`)
    .nullish()
    .describe('Buttons'),
  actor: actor().nullish().describe('Who caused it'),
  icon: icon().nullish().describe('A name that your inbox understands, an emoji, or where the picture is'),
  severity: severity().nullish().describe('info without it'),
  subject: subject.nullish().describe('What it is about in your app; lists can be filtered by it'),
  data: data().optional().describe('Anything of yours, up to 16 KB of JSON'),
  expiresAt: time().nullish().describe('When it is withdrawn by itself'),
});

/** The body of `POST /v1/notifications`. `to` may be left out by a person, who then writes to themselves. */
export const newNotification = later(() =>
  z.strictObject({
    to: to.nullish().describe('user:<id>, all, role:<name>, topic:<name>, or a list. A person leaves it out'),
    type: notificationType.describe('What it is of, in your words, such as comment'),
    title: text(LIMITS.title).describe('What it says, at most 200 characters'),
    ...content(),
    fallback: fallback()
      .nullish()
      .describe('A webhook gets notification.fallback where it is not seen, or read, in time'),
    dedupeKey: key(LIMITS.dedupeKey).nullish().describe('Withdraws the earlier one with the same key'),
  }),
);

export type NewNotification = z.output<typeof newNotification>;

withShortcut(newNotification, plainNotification);

/** The body of `POST /v1/notifications/batch`. */
export const notificationBatch = later(() =>
  z.strictObject({
    notifications: z
      .array(made(newNotification))
      .min(1, 'must hold at least one notification')
      .max(LIMITS.batchItems, `is too long: at most ${digits(LIMITS.batchItems)} in a batch`),
  }),
);

withShortcut(notificationBatch, plainBatch);

/** The body of `PATCH /v1/notifications/{id}`. */
export const notificationPatch = later(() =>
  z
    .strictObject({ title: text(LIMITS.title).optional(), ...content(), severity: severity().optional() })
    .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must change something'),
);

export type PatchNotification = z.output<typeof notificationPatch>;

/** The body of `POST /v1/inbox/marks`. */
export const marks = later(() =>
  z.strictObject({
    ids: z
      .array(key(LIMITS.id))
      .min(1, 'must name at least one id')
      .max(LIMITS.marks, `is too long: at most ${digits(LIMITS.marks)} ids`),
    mark: z.enum(MARKS, { error: oneOf(MARKS) }),
  }),
);
