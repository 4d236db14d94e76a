'use client';
import type { QuestionItem } from '@belfry/client';
import type { ReactNode } from 'react';
import { Root, type RootProps } from '../root/root.tsx';
import { QuestionCard } from './question-card.tsx';

export interface QuestionProps extends RootProps {
  /** One of those of `useQuestions()`. */
  question: QuestionItem;
}

/** A question with the form for its answer, and how it ended. */
export function Question({ question, ...root }: QuestionProps): ReactNode {
  return (
    <Root {...root}>
      <QuestionCard key={question.id} question={question} />
    </Root>
  );
}
