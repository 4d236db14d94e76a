import type { QuestionItem } from '@belfry/client';
import { type ReactNode, useId } from 'react';
import { IconButton } from '../appearance/icon-button.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import { useQuestions } from '../hooks/use-questions.ts';
import { SubjectWords } from '../links/subject-words.tsx';
import { questionWords } from '../localization/english/questions.ts';
import { useWords } from '../localization/use-words.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { Heading } from '../root/heading.tsx';
import { Outcome } from './outcome.tsx';
import { QuestionForm } from './question-form.tsx';
import { TimeLeft } from './time-left.tsx';
import { useFocusAfter } from './use-focus-after.ts';
import { useDraft } from './use-form.ts';

export function QuestionCard({ question }: { question: QuestionItem }): ReactNode {
  const classes = useClasses();
  const heading = useId();
  const draft = useDraft(question);
  const isOpen = question.status === 'open';
  const { card, outcome, formHadFocus } = useFocusAfter(question);
  return (
    <article ref={card} className={classes('question')} aria-labelledby={heading} data-status={question.status}>
      <div className={classes('questionSubject')}>
        {question.subject && (
          <span dir="auto">
            <SubjectWords subject={question.subject} />
          </span>
        )}
        {isOpen && <TimeLeft question={question} />}
      </div>
      <Heading level={3} className={classes('questionMessage')} id={heading} dir="auto">
        {question.message}
      </Heading>
      {question.description !== null && (
        <Markdown className={classes('questionDescription')} text={question.description} />
      )}
      {isOpen && <QuestionForm question={question} draft={draft} formHadFocus={formHadFocus} />}
      <div ref={outcome} className={classes('questionOutcome')} role="status" tabIndex={-1}>
        {!isOpen && <Outcome question={question} />}
      </div>
      {!isOpen && !question.pending && <Dismiss id={question.id} />}
    </article>
  );
}

function Dismiss({ id }: { id: string }): ReactNode {
  const { say } = useWords(questionWords);
  const { dismiss } = useQuestions();
  return <IconButton icon="close" label={say('question.dismiss')} onClick={() => dismiss(id)} />;
}
