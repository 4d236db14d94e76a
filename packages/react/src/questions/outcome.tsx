import type { Json, QuestionField, QuestionItem } from '@belfry/client';
import type { ReactNode } from 'react';
import { questionWords } from '../localization/english/questions.ts';
import { type Speech, useWords } from '../localization/use-words.ts';
import { titledOptions } from './options.ts';

/** How a question ended, in a sentence, and what was answered. */
export function Outcome({ question }: { question: QuestionItem }): ReactNode {
  const speech = useWords(questionWords);
  const { status, answer } = question;
  const isAnswer = status === 'answered' && answer?.action === 'accept';
  return (
    <>
      <p>{sentence(question, speech)}</p>
      {isAnswer && <Given question={question} />}
    </>
  );
}

function sentence({ status, answer, elsewhere, pending }: QuestionItem, { say }: Speech<typeof questionWords>): string {
  if (status === 'expired') return say('question.expired');
  if (status === 'cancelled' || answer === null) return say('question.cancelled');
  if (pending) return say('question.wasSending');
  const isDecline = answer.action === 'decline';
  if (!elsewhere) return say(isDecline ? 'question.declined' : 'question.answered');
  const name = answer.by.name ?? answer.by.user;
  return say(isDecline ? 'question.declinedElsewhere' : 'question.answeredElsewhere', { name });
}

function Given({ question: { schema, answer } }: { question: QuestionItem }): ReactNode {
  const speech = useWords(questionWords);
  const given = Object.entries((answer?.content ?? {}) as Record<string, Json>);
  if (given.length === 0) return null;
  return (
    <dl data-single={given.length === 1}>
      {given.map(([name, value]) => (
        <div key={name}>
          <dt>{schema.properties[name]?.title ?? name}</dt>
          <dd dir="auto">{wordsOf(schema.properties[name], value, speech)}</dd>
        </div>
      ))}
    </dl>
  );
}

function wordsOf(field: QuestionField | undefined, value: Json, { say, locale }: Speech<typeof questionWords>): string {
  if (typeof value === 'boolean') return say(value ? 'question.yes' : 'question.no');
  if (typeof value === 'number') return new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(value);
  const options = field ? (titledOptions(field) ?? []) : [];
  const titleOf = (one: Json) => options.find((option) => option.value === one)?.title ?? String(one);
  if (!Array.isArray(value)) return titleOf(value);
  return value.length === 0 ? say('question.none') : new Intl.ListFormat(locale).format(value.map(titleOf));
}
