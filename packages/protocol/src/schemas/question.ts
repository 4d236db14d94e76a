import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { ANSWER_ACTIONS } from '../question.ts';
import type { QuestionSchema } from '../question-schema.ts';
import { to } from './address.ts';
import { data } from './data.ts';
import { later } from './later.ts';
import { subject } from './notification.ts';
import { schemaFault } from './schema-fault.ts';
import { absentOr, key, oneOf, optionalText, text, time } from './text.ts';

const MAX_SECONDS = 10 * 366 * 24 * 3_600;

const schema = () =>
  data()
    .superRefine((value, context) => {
      const found = schemaFault(value);
      if (found !== null) context.addIssue({ code: 'custom', ...found, input: value });
    })
    .transform((value) => value as unknown as QuestionSchema);

const option = () =>
  z.union(
    [
      key(LIMITS.id).transform((value) => ({ value, title: undefined })),
      z.strictObject({ value: key(LIMITS.id), title: absentOr(text(LIMITS.title)) }),
    ],
    { error: 'must be text, or {"value":…,"title":…}' },
  );

const options = () =>
  z
    .array(option(), { error: 'must be a list of options: text, or {"value":…,"title":…}' })
    .min(1, 'must have at least one option')
    .max(LIMITS.questionOptions, `has too many options: at most ${LIMITS.questionOptions}`)
    .refine((list) => new Set(list.map(({ value }) => value)).size === list.length, 'must not have an option twice');

const seconds = () =>
  z
    .number({ error: 'must be a number of seconds' })
    .positive('must be above 0')
    .max(MAX_SECONDS, 'must be less than ten years');

/** What can be set when asking and edited later. Null is the same as leaving it out; in an edit it clears. */
const content = () => ({
  description: optionalText(LIMITS.body).describe('More about it, as Markdown'),
  subject: subject.nullish().describe('What it is about in your app; lists can be filtered by it'),
  assignee: key(LIMITS.id).nullish().describe('Who is meant to answer. All whom it was sent to may'),
  data: data().optional().describe('Anything of yours, up to 16 KB of JSON'),
  expiresAt: time().nullish().describe('When it ends unanswered'),
  expiresInSeconds: seconds().nullish().describe('The same, counted from when it is stored'),
});

const BOTH_TIMES = { path: ['expiresInSeconds'], error: 'must be left out where there is expiresAt' };

function hasOneTime({ expiresAt, expiresInSeconds }: { expiresAt?: unknown; expiresInSeconds?: unknown }): boolean {
  return expiresAt == null || expiresInSeconds == null;
}

/** The body of `POST /v1/questions`. */
export const newQuestion = later(() =>
  z
    .strictObject({
      to: to.nullish().describe('user:<id>, all, role:<name>, topic:<name>, or a list. A person leaves it out'),
      message: text(LIMITS.questionMessage).describe('What is asked, at most 1,000 characters'),
      options: options().nullish().describe('The answers there are: text, or {value, title}'),
      schema: schema().nullish().describe('What to fill in: a flat JSON Schema, as of MCP elicitation. At most 16 KB'),
      run: key(LIMITS.id).nullish().describe('The id of the run that waits for it'),
      answerBy: z
        .enum(['person', 'service'], { error: oneOf(['person', 'service']) })
        .nullish()
        .describe('person without it. What a person asks is always for services'),
      ...content(),
    })
    .refine(hasOneTime, BOTH_TIMES)
    .refine(({ options, schema }) => options == null || schema == null, {
      path: ['schema'],
      error: 'must be left out where there are options',
    }),
);

export type NewQuestion = z.output<typeof newQuestion>;

/** The body of `PATCH /v1/questions/{id}`. What is asked for, and of whom, stays: someone may be filling it in. */
export const questionPatch = later(() =>
  z
    .strictObject({ message: text(LIMITS.questionMessage).optional(), ...content() })
    .refine(hasOneTime, BOTH_TIMES)
    .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must change something'),
);

export type PatchQuestion = z.output<typeof questionPatch>;

/** The body of `POST /v1/questions/{id}/answer`. Whether the content fits the schema is for the store to judge. */
export const newAnswer = later(() =>
  z
    .strictObject({
      action: z.enum(ANSWER_ACTIONS, { error: oneOf(ANSWER_ACTIONS) }),
      content: data().optional().describe('With accept: what was filled in, by the schema'),
    })
    .refine(({ action, content }) => action === 'accept' || content == null, {
      path: ['content'],
      error: 'must be left out where the question is declined',
    }),
);

export type NewAnswer = z.output<typeof newAnswer>;

/** The schema that options stand for, and the plain text that is asked for where there is neither. */
export function schemaOf({ options, schema }: Pick<NewQuestion, 'options' | 'schema'>): QuestionSchema {
  if (schema != null) return withoutNotes(schema);
  return { type: 'object', properties: { value: fieldOf(options ?? null) }, required: ['value'] };
}

function fieldOf(options: NonNullable<NewQuestion['options']> | null): QuestionSchema['properties'][string] {
  if (options === null) return { type: 'string', minLength: 1, maxLength: LIMITS.body };
  if (options.every(({ title }) => title === undefined)) {
    return { type: 'string', enum: options.map(({ value }) => value) };
  }
  return { type: 'string', oneOf: options.map(({ value, title }) => ({ const: value, title: title ?? value })) };
}

/** Without what only says which JSON Schema it is written in, and what holds anyway. */
function withoutNotes({ title, description, type, properties, required }: QuestionSchema): QuestionSchema {
  return {
    type,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    properties,
    ...(required === undefined ? {} : { required }),
  };
}
