import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { FINISHED_RUN_STATUSES, OPEN_RUN_STATUSES } from '../run.ts';
import { to } from './address.ts';
import { artifacts } from './artifact.ts';
import { customEventType } from './custom-event-type.ts';
import { data } from './data.ts';
import { digits } from './digits.ts';
import { later, made } from './later.ts';
import { subject } from './notification.ts';
import { plainLines } from './plain-lines.ts';
import { logLine } from './run-line.ts';
import { withShortcut } from './shortcuts.ts';
import { absentOr, key, oneOf, optionalText, text, time } from './text.ts';

const TIMEOUT = `must be a number of seconds from 1 to ${digits(LIMITS.heartbeatTimeoutSeconds)}`;

const heartbeatTimeout = () =>
  z
    .number(TIMEOUT)
    .min(1, TIMEOUT)
    .max(LIMITS.heartbeatTimeoutSeconds, TIMEOUT)
    .nullish()
    .describe('Silent for longer than this, once it has left the queue, it becomes interrupted. Without it, never');

/** The body of `POST /v1/runs`. */
export const newRun = later(() =>
  z.strictObject({
    to: to.describe('Who may watch it: user:<id>, all, role:<name>, topic:<name>, or a list'),
    kind: key(LIMITS.label).describe('What it is of, in your words, such as test-run'),
    title: text(LIMITS.title),
    subject: subject.nullish(),
    data: data().optional().describe('Anything of yours, up to 16 KB of JSON'),
    heartbeatTimeoutSeconds: heartbeatTimeout(),
  }),
);

export type NewRun = z.output<typeof newRun>;

/** What a reporter may say. `interrupted` is for Belfry alone. */
const REPORTED = [...OPEN_RUN_STATUSES, ...FINISHED_RUN_STATUSES.filter((status) => status !== 'interrupted')] as const;

const PROGRESS = 'must be a number from 0 to 1, or null';

/** The body of `PATCH /v1/runs/{id}`. Null clears; what is left out stays. */
export const runPatch = later(() =>
  z
    .strictObject({
      status: z.enum(REPORTED, { error: oneOf(REPORTED) }).optional(),
      progress: z.number(PROGRESS).min(0, PROGRESS).max(1, PROGRESS).nullable().optional(),
      message: optionalText(LIMITS.runMessage),
      result: data().optional(),
      artifacts: artifacts.optional(),
      heartbeatTimeoutSeconds: heartbeatTimeout().describe(
        'For who takes it up with a time of their own. Null: it may be silent for ever',
      ),
    })
    .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must change something'),
);

export type RunPatch = z.output<typeof runPatch>;

/** The body of `POST /v1/runs/{id}/logs`. */
export const logLines = later(() =>
  z.strictObject({
    lines: z
      .array(
        z.strictObject({
          text: made(logLine),
          level: absentOr(
            z
              .string({ error: 'must be text' })
              .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must be a word such as info or error')
              .max(LIMITS.level, `is too long: at most ${LIMITS.level} characters`),
          ).describe('info without it'),
          time: absentOr(time()).describe('When it is stored, without it'),
        }),
      )
      .min(1, 'must hold at least one line')
      .max(LIMITS.lines, `is too long: at most ${digits(LIMITS.lines)} lines`),
  }),
);

withShortcut(logLines, plainLines);

export type LogLines = z.output<typeof logLines>['lines'];

/** The body of `POST /v1/runs/{id}/events`. */
export const runEvent = later(() =>
  z.strictObject({
    type: customEventType(),
    data: data(),
  }),
);

export type RunEvent = z.output<typeof runEvent>;
