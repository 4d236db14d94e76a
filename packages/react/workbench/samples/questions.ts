import type { Answer, QuestionItem, QuestionSchema } from '@belfry/client';
import { ago } from '../fixed-clock.ts';

let made = 0;

export function question(given: Partial<QuestionItem> = {}): QuestionItem {
  made += 1;
  return {
    id: `q${made}`,
    message: 'Deploy version 4.2 to production?',
    description: null,
    schema: choose('Deploy now', 'Wait until Monday'),
    subject: null,
    assignee: null,
    run: null,
    status: 'open',
    answerBy: 'person',
    askedBy: null,
    answer: null,
    createdAt: ago(60 * made),
    expiresAt: null,
    data: null,
    pending: false,
    elsewhere: false,
    error: null,
    ...given,
  };
}

/** What options stand for. */
export function choose(...options: string[]): QuestionSchema {
  return { type: 'object', properties: { value: { type: 'string', enum: options } }, required: ['value'] };
}

export function answer(content: Answer['content'], name = 'Ada Lovelace'): Answer {
  return { action: content === null ? 'decline' : 'accept', content, by: { user: 'ada', name }, at: ago(20) };
}

/** A field of every kind. */
export const EVERYTHING: QuestionSchema = {
  type: 'object',
  properties: {
    window: {
      type: 'string',
      title: 'When',
      oneOf: [
        { const: 'now', title: 'Right away' },
        { const: 'night', title: 'Tonight, when few are awake' },
      ],
      default: 'night',
    },
    region: {
      type: 'string',
      title: 'Region',
      enum: ['fra', 'iad', 'nrt', 'gru', 'syd', 'lhr', 'sin'],
      description: 'Where it goes first',
    },
    checks: {
      type: 'array',
      title: 'Checks to run before',
      items: {
        anyOf: [
          { const: 'unit', title: 'Unit tests' },
          { const: 'e2e', title: 'Browser tests' },
          { const: 'load', title: 'Load test' },
        ],
      },
      minItems: 1,
      maxItems: 2,
      default: ['unit'],
    },
    share: { type: 'number', title: 'Share of traffic', minimum: 0, maximum: 1, default: 0.25 },
    replicas: { type: 'integer', title: 'Replicas', minimum: 1 },
    contact: { type: 'string', title: 'Whom to write to', format: 'email' },
    runbook: { type: 'string', title: 'Runbook', format: 'uri' },
    day: { type: 'string', title: 'Day', format: 'date', default: '2030-03-14' },
    at: { type: 'string', title: 'Not before', format: 'date-time', default: '2030-03-14T22:00:00.000Z' },
    note: { type: 'string', title: 'Note for the log', maxLength: 500 },
    notify: { type: 'boolean', title: 'Tell everyone when it is done', default: true },
  },
  required: ['window', 'checks', 'replicas', 'contact'],
};

export const DESCRIPTION = `The migration adds **two columns** and rewrites \`orders\`; see [the plan](https://example.org/plan).

- takes about *four* minutes
- locks nothing

\`\`\`
alter table orders add column region text;
\`\`\`

> A <script> stays what it is: text.`;

export const SUBJECT = {
  kind: 'release',
  id: '42',
  code: 'REL-42',
  title: 'Spring release',
  url: 'https://example.org/releases/42',
};
