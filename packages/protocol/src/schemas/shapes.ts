import * as z from 'zod';
import { SEVERITIES } from '../notification.ts';
import { ANSWER_ACTIONS, QUESTION_STATUSES } from '../question.ts';
import { RUN_STATUSES } from '../run.ts';
import { later, made } from './later.ts';

/** What the API answers with: the shapes of the contract, for its description and for tests. */
const time = () => z.iso.datetime();

const subject = () =>
  z.object({
    kind: z.string(),
    id: z.string(),
    code: z.string().optional(),
    title: z.string().optional(),
    url: z.string().optional(),
  });

const contentShape = () =>
  z.object({
    id: z.uuidv7(),
    type: z.string(),
    title: z.string(),
    body: z.string().nullable(),
    actionUrl: z.string().nullable(),
    actions: z.array(z.object({ id: z.string(), label: z.string(), url: z.string().optional() })),
    actor: z.object({ name: z.string(), avatarUrl: z.string().optional() }).nullable(),
    icon: z.string().nullable(),
    severity: z.enum(SEVERITIES),
    data: z.any(),
    subject: subject().nullable(),
    channel: z.string(),
    createdAt: time(),
    updatedAt: time(),
    expiresAt: time().nullable(),
    cursor: z.string(),
  });

/** A notification as a person has it. */
export const notificationShape = later(() =>
  contentShape()
    .extend({ seenAt: time().nullable(), readAt: time().nullable(), archivedAt: time().nullable() })
    .meta({ id: 'Notification' }),
);

/** A notification as services see it. */
export const serviceNotificationShape = later(() =>
  contentShape()
    .extend({ to: z.array(z.string()) })
    .meta({ id: 'ServiceNotification' }),
);

export const countsShape = later(() => z.object({ unread: z.int(), unseen: z.int() }).meta({ id: 'Counts' }));

export function pageShape<Item extends z.ZodType>(item: Item) {
  return later(() => z.object({ items: z.array(made(item)), nextCursor: z.string().nullable() }));
}

export const inboxPageShape = later(() =>
  pageShape(notificationShape).extend({ unread: z.int(), unseen: z.int() }).meta({ id: 'InboxPage' }),
);

const who = () => z.object({ user: z.string(), name: z.string().nullable() });

const answerShape = () => z.object({ action: z.enum(ANSWER_ACTIONS), content: z.any(), by: who(), at: time() });

export const questionShape = later(() =>
  z
    .object({
      id: z.uuidv7(),
      message: z.string(),
      description: z.string().nullable(),
      schema: z.object({
        type: z.literal('object'),
        title: z.string().optional(),
        description: z.string().optional(),
        properties: z.record(z.string(), z.any()),
        required: z.array(z.string()).optional(),
      }),
      subject: subject().nullable(),
      assignee: z.string().nullable(),
      run: z.string().nullable(),
      status: z.enum(QUESTION_STATUSES),
      answerBy: z.enum(['person', 'service']),
      askedBy: who().nullable(),
      answer: answerShape().nullable(),
      createdAt: time(),
      expiresAt: time().nullable(),
      data: z.any(),
    })
    .meta({ id: 'Question' }),
);
export const runShape = later(() =>
  z
    .object({
      id: z.uuidv7(),
      kind: z.string(),
      title: z.string(),
      subject: subject().nullable(),
      status: z.enum(RUN_STATUSES),
      progress: z.number().min(0).max(1).nullable(),
      message: z.string().nullable(),
      result: z.any(),
      artifacts: z.array(
        z.object({
          name: z.string(),
          url: z.string(),
          contentType: z.string().optional(),
          size: z.int().optional(),
        }),
      ),
      createdAt: time(),
      startedAt: time().nullable(),
      finishedAt: time().nullable(),
      updatedAt: time(),
      data: z.any(),
    })
    .meta({ id: 'Run' }),
);

export const runLineShape = later(() =>
  z.object({ n: z.int(), time: time(), level: z.string(), text: z.string() }).meta({ id: 'RunLine' }),
);

export const problemShape = later(() =>
  z
    .object({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      code: z.string(),
      field: z.string().optional(),
      requestId: z.string(),
      answer: answerShape().optional(),
    })
    .meta({ id: 'Problem' }),
);

const status = () => z.enum(['stored', 'sent', 'delivered', 'seen', 'read', 'failed']);
const counts = () => ({
  stored: z.int(),
  sent: z.int(),
  delivered: z.int(),
  seen: z.int(),
  read: z.int(),
  failed: z.int(),
});

export const deliveriesShape = later(() =>
  z
    .object({
      channels: z.array(z.object({ channel: z.string(), ...counts(), error: z.string().optional() })),
      recipients: z.array(z.object({ user: z.string(), status: status(), at: time(), error: z.string().optional() })),
      nextCursor: z.string().nullable(),
    })
    .meta({ id: 'Deliveries' }),
);

export const ticketShape = later(() => z.object({ ticket: z.string(), expiresAt: time() }).meta({ id: 'Ticket' }));

export const meShape = later(() =>
  z
    .object({
      tenant: z.string(),
      user: z.string(),
      name: z.string().nullable(),
      avatarUrl: z.string().nullable(),
      roles: z.array(z.string()),
      channels: z.array(z.string()),
      readOnly: z.boolean(),
      since: time().nullable(),
      expiresAt: time().nullable(),
    })
    .meta({ id: 'Me' }),
);

export const apiKeyShape = later(() =>
  z
    .object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(z.string()),
      tenant: z.string().nullable(),
      createdAt: time(),
    })
    .meta({ id: 'ApiKey' }),
);

export const webhookShape = later(() =>
  z
    .object({ id: z.uuidv7(), url: z.string(), events: z.array(z.string()), missed: z.int(), createdAt: time() })
    .meta({ id: 'Webhook' }),
);

export const webhookDeliveryShape = later(() =>
  z
    .object({
      id: z.uuidv7(),
      type: z.string(),
      status: z.enum(['pending', 'delivered', 'dead']),
      attempts: z.int(),
      createdAt: time(),
      nextAt: time().nullable(),
      finishedAt: time().nullable(),
      error: z.string().nullable(),
    })
    .meta({ id: 'WebhookDelivery' }),
);
