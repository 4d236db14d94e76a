'use client';
import type { SubjectRef } from '@belfry/client';
import { type ReactNode, useRef } from 'react';
import { Icon } from '../appearance/icon.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import { type UseQuestions, useQuestions } from '../hooks/use-questions.ts';
import { questionWords } from '../localization/english/questions.ts';
import { said } from '../localization/said.ts';
import { useWords } from '../localization/use-words.ts';
import { Heading } from '../root/heading.tsx';
import { Root, type RootProps } from '../root/root.tsx';
import { useKeepFocus } from '../root/use-keep-focus.ts';
import { QuestionCard } from './question-card.tsx';

export interface QuestionsProps extends RootProps {
  /** Only those about this. */
  subject?: SubjectRef;
}

/** All questions for this person, the newest first; each can be answered where it stands. */
export function Questions({ subject, ...root }: QuestionsProps): ReactNode {
  return (
    <Root {...root}>
      <QuestionList {...useQuestions(subject === undefined ? {} : { subject })} />
    </Root>
  );
}

function QuestionList({ questions, isLoading, error }: UseQuestions): ReactNode {
  const classes = useClasses();
  const { say } = useWords(questionWords);
  const isEmpty = questions.length === 0;
  const element = useRef<HTMLDivElement>(null);
  const keepFocus = useKeepFocus(element);
  return (
    <div ref={element} className={classes('questions')} aria-busy={isLoading} tabIndex={-1} {...keepFocus}>
      <Heading level={2} className="belfry-hidden">
        {say('questions.label')}
      </Heading>
      {isEmpty && error !== null && (
        <div className={classes('state')} role="alert">
          <Icon name="warning" />
          <strong>
            <bdi>{said(error, say('questions.missing'))}</bdi>
          </strong>
        </div>
      )}
      {isEmpty && error === null && (isLoading ? <Waiting /> : <Empty />)}
      {questions.map((question) => (
        <QuestionCard key={question.id} question={question} />
      ))}
    </div>
  );
}

function Waiting(): ReactNode {
  const { say } = useWords(questionWords);
  return (
    <div className="belfry-waiting belfry-skeleton" role="status">
      <span className="belfry-hidden">{say('questions.loading')}</span>
      <i />
      <i />
      <i />
    </div>
  );
}

function Empty(): ReactNode {
  const classes = useClasses();
  const { say } = useWords(questionWords);
  return (
    <div className={classes('state')}>
      <Icon name="check" />
      <strong>{say('questions.empty')}</strong>
      <p>{say('questions.emptyHint')}</p>
    </div>
  );
}
