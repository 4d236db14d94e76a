import type { QuestionItem } from '@belfry/client';
import { type ReactNode, type RefObject, useId } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { useQuestions } from '../hooks/use-questions.ts';
import { questionWords } from '../localization/english/questions.ts';
import { said } from '../localization/said.ts';
import { useWords } from '../localization/use-words.ts';
import type { Draft } from './draft.ts';
import { Field } from './fields/field.tsx';
import { useFocusNote } from './use-focus-after.ts';
import { type Form, useForm } from './use-form.ts';

interface Props {
  question: QuestionItem;
  draft: Draft;
  formHadFocus: RefObject<boolean>;
}

/** The schema of a question as fields to fill in, with what is wrong beside each. */
export function QuestionForm({ question, draft, formHadFocus }: Props): ReactNode {
  const classes = useClasses();
  const { answer, readOnly } = useQuestions();
  const element = useFocusNote(formHadFocus);
  const form = useForm(question, draft, (content) => void answer(question.id, { action: 'accept', content }));
  const decline = () => void answer(question.id, { action: 'decline' });
  return (
    <form ref={element} className={classes('questionForm')} noValidate onSubmit={form.submit}>
      <fieldset disabled={readOnly}>
        <legend className="belfry-hidden">{question.message}</legend>
        <Fields question={question} form={form} />
        <Problem question={question} form={form} />
        {!readOnly && <Actions question={question} onDecline={decline} />}
      </fieldset>
      {readOnly && <ReadOnlyNote />}
    </form>
  );
}

function Fields({ question, form }: { question: QuestionItem; form: Form }): ReactNode {
  const prefix = useId();
  const { say } = useWords(questionWords);
  const { properties, required = [] } = question.schema;
  const names = Object.keys(properties);
  return names.map((name) => {
    const field = properties[name]!;
    const isAlone = names.length === 1 && field.title === undefined && field.type !== 'boolean';
    const saying = form.faults[name];
    const refusal = form.refused === name ? question.error?.message : undefined;
    return (
      <Field
        key={name}
        id={`${prefix}${name}`}
        field={field}
        label={field.title ?? (isAlone ? question.message : name)}
        hideLabel={isAlone}
        required={required.includes(name)}
        entry={form.draft[name] ?? ''}
        onEntry={(entry) => form.enter(name, entry)}
        fault={saying ? say(saying.key, saying.values) : refusal}
      />
    );
  });
}

/** What is wrong as a whole. Always there, so that a screen reader hears of a change in it. */
function Problem({ question: { error }, form }: { question: QuestionItem; form: Form }): ReactNode {
  const classes = useClasses();
  const { say } = useWords(questionWords);
  const count = Object.keys(form.faults).length;
  const refusal = error !== null && !error.field?.startsWith('content.') ? said(error, say('question.unsent')) : '';
  return (
    <p className={classes('questionProblem')} role="status" dir="auto" data-quiet={count < 2 && refusal === ''}>
      {count > 0 ? say('fault.several', { count }) : refusal}
    </p>
  );
}

function Actions({ question, onDecline }: { question: QuestionItem; onDecline: () => void }): ReactNode {
  const classes = useClasses();
  const { say } = useWords(questionWords);
  const isEmpty = Object.keys(question.schema.properties).length === 0;
  return (
    <div className={classes('questionActions')}>
      <button type="submit" className={classes('button', 'submitButton')} data-primary-action>
        {say(isEmpty ? 'question.accept' : 'question.answer')}
      </button>
      <button type="button" className={classes('button', 'declineButton')} onClick={onDecline}>
        {say('question.decline')}
      </button>
    </div>
  );
}

function ReadOnlyNote(): ReactNode {
  const classes = useClasses();
  return <p className={classes('fieldHint')}>{useWords(questionWords).say('question.readOnly')}</p>;
}
