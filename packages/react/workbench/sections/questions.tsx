import type { QuestionItem, QuestionSchema } from '@belfry/client';
import { BelfryError } from '@belfry/client';
import { Question, Questions } from '@belfry/react';
import type { ReactNode } from 'react';
import { ahead } from '../fixed-clock.ts';
import { answer, choose, DESCRIPTION, EVERYTHING, question, SUBJECT } from '../samples/questions.ts';
import { Shelf, State } from '../shelf.tsx';

const LONG = 'Shall the nightly export of all orders, with every address, leave out what was asked to be forgotten?';

const text: QuestionSchema = {
  type: 'object',
  properties: { value: { type: 'string', minLength: 1, maxLength: 4_000 } },
  required: ['value'],
};

const closed: [string, Partial<QuestionItem>][] = [
  ['Sending', { status: 'answered', pending: true, answer: answer({ value: 'Deploy now' }) }],
  ['Answered here', { status: 'answered', answer: answer({ value: 'Deploy now' }), subject: SUBJECT }],
  ['Another was first', { status: 'answered', elsewhere: true, answer: answer({ value: 'Wait until Monday' }) }],
  [
    'Several fields, answered elsewhere',
    {
      status: 'answered',
      elsewhere: true,
      schema: EVERYTHING,
      answer: answer({ window: 'now', checks: ['unit', 'e2e'], share: 0.5, notify: false, note: 'Watch the queue.' }),
    },
  ],
  ['Declined', { status: 'answered', answer: answer(null) }],
  ['Declined elsewhere', { status: 'answered', elsewhere: true, answer: answer(null) }],
  ['Expired', { status: 'expired' }],
  ['Cancelled', { status: 'cancelled' }],
];

export function QuestionShelf(): ReactNode {
  return (
    <Shelf name="Questions">
      <State name="Options">
        <Question question={question({ subject: SUBJECT, expiresAt: ahead(9 * 60 + 12) })} />
      </State>
      <State name="Described, a moment left">
        <Question question={question({ description: DESCRIPTION, expiresAt: ahead(42) })} />
      </State>
      <State name="Free text">
        <Question question={question({ message: 'What should the release be called?', schema: text })} />
      </State>
      <State name="Many options">
        <Question
          question={question({
            message: 'Which region first?',
            schema: choose('Frankfurt', 'Ashburn', 'Tokyo', 'São Paulo', 'Sydney', 'London', 'Singapore'),
          })}
        />
      </State>
      <State name="Every kind of field">
        <Question question={question({ message: 'How shall it be rolled out?', schema: EVERYTHING })} />
      </State>
      <State name="Mistakes" then={(element) => element.querySelector('form')?.requestSubmit()}>
        <Question
          question={question({
            message: 'How shall it be rolled out?',
            schema: {
              ...EVERYTHING,
              properties: {
                ...EVERYTHING.properties,
                share: { type: 'number', title: 'Share of traffic', maximum: 1, default: 3 },
                window: { type: 'string', title: 'When', enum: ['now', 'tonight'] },
              },
            },
          })}
        />
      </State>
      <State name="Refused by the server">
        <Question
          question={question({
            error: new BelfryError('invalid', 'It must be one of "Deploy now", "Wait until Monday".', {
              field: 'content.value',
            }),
          })}
        />
      </State>
      <State name="Could not be sent">
        <Question question={question({ error: new BelfryError('internal', 'The request failed. Try again.') })} />
      </State>
      <State name="Read-only" contents={{ questions: { readOnly: true } }}>
        <Question question={question()} />
      </State>
      <State name="Nothing to fill in">
        <Question question={question({ message: LONG, schema: { type: 'object', properties: {} } })} />
      </State>
      {closed.map(([name, given]) => (
        <State key={name} name={name}>
          <Question question={question(given)} />
        </State>
      ))}
      <State
        name="List"
        contents={{ questions: { items: [question(), question({ message: LONG, status: 'expired' })] } }}
      >
        <Questions />
      </State>
      <State name="List, empty">
        <Questions />
      </State>
      <State name="List, loading" contents={{ questions: { loading: true } }}>
        <Questions />
      </State>
      <State
        name="List, failed"
        contents={{ questions: { error: new BelfryError('unauthenticated', 'Sign in again to see your questions.') } }}
      >
        <Questions />
      </State>
    </Shelf>
  );
}
