import * as z from 'zod';
import type { BelfryEventType } from '../event.ts';
import { isCustomEventType, isTypePattern } from '../filter.ts';
import { LIMITS } from '../limits.ts';
import { digits } from './digits.ts';
import { later } from './later.ts';
import { absentOr, isSafeLink } from './text.ts';

const SECRET_BYTES = { min: 24, max: 64 };

const url = () =>
  z
    .string({ error: 'must be text' })
    .max(LIMITS.url, `is too long: at most ${LIMITS.url} characters`)
    .refine((value) => isSafeLink(value) && !value.startsWith('/'), 'must be an http(s) address')
    .refine((value) => !HAS_NO_PORT.test(value), 'must not have the port 0, which nothing answers at')
    .refine((value) => !HAS_USER.test(value), {
      error: 'must not hold a user name or password: deliveries are signed instead',
    });

const HAS_NO_PORT = /^https?:\/\/[^/?#]*:0+(?:[/?#]|$)/i;
const HAS_USER = /^https?:\/\/[^/?#]*@/i;

const pattern = () =>
  z
    .string({ error: 'must be text' })
    .refine(isTypePattern, 'must be an event type, which may end in *, or * for all')
    .refine(
      isOfSomething,
      'is no event that there can be: yours have lower-case words with dots, Belfry’s are in PROTOCOL.md',
    );

/** All that a webhook may hear of; the compiler keeps it whole. */
const OWN: Record<Exclude<BelfryEventType, 'run.log'> | 'notification.fallback', true> = {
  'notification.created': true,
  'notification.updated': true,
  'notification.withdrawn': true,
  'notification.state': true,
  'notification.fallback': true,
  'question.opened': true,
  'question.updated': true,
  'question.answered': true,
  'question.expired': true,
  'question.cancelled': true,
  'run.created': true,
  'run.updated': true,
  'run.finished': true,
  'access.granted': true,
  'access.revoked': true,
};

/** A misspelt type would wait for ever, and nobody would notice. */
function isOfSomething(pattern: string): boolean {
  if (!pattern.endsWith('*')) return isCustomEventType(pattern) || Object.hasOwn(OWN, pattern);
  const start = pattern.slice(0, -1);
  if (Object.keys(OWN).some((type) => type.startsWith(start))) return true;
  // What an app's own types may begin with: some type that goes on from there is one.
  return isCustomEventType(`${start}x`);
}

/** `whsec_` and 24 to 64 bytes in base64, as Standard Webhooks has them. */
const secret = () =>
  z
    .string({ error: 'must be text' })
    .refine(isSecret, `must be whsec_ and then ${SECRET_BYTES.min} to ${SECRET_BYTES.max} random bytes in base64`);

function isSecret(value: string): boolean {
  const [, base64] = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(value) ?? [];
  if (base64 === undefined) return false;
  const bytes = (base64.length / 4) * 3 - (base64.match(/=/g)?.length ?? 0);
  return bytes >= SECRET_BYTES.min && bytes <= SECRET_BYTES.max;
}

/** The body of `POST /v1/webhooks`. */
export const newWebhook = later(() =>
  z.strictObject({
    url: url(),
    events: z
      .array(pattern(), { error: 'must be a list of event types, each may end in *' })
      .min(1, 'must name an event type; ["*"] is all')
      .max(LIMITS.filters, `is too long: at most ${LIMITS.filters}`)
      .transform((list) => [...new Set(list)]),
    secret: absentOr(secret()),
  }),
);

export type NewWebhook = z.output<typeof newWebhook>;

const OVERLAP = `must be a number of seconds from 0 to ${digits(LIMITS.secretOverlapSeconds)}`;

/** The body of `POST /v1/webhooks/{id}/rotate`. */
export const webhookRotation = later(() =>
  z.strictObject({
    secret: absentOr(secret()).describe('The new one. Without it the server makes one'),
    overlapSeconds: absentOr(z.number(OVERLAP).min(0, OVERLAP).max(LIMITS.secretOverlapSeconds, OVERLAP)).describe(
      'For so long deliveries are signed with the old one too, and those before it for no longer. 86400, a day, without it',
    ),
  }),
);

export type WebhookRotation = z.output<typeof webhookRotation>;
