import type { QuestionItem } from '@belfry/client';
import type { ReactNode } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { questionWords } from '../localization/english/questions.ts';
import { useWords } from '../localization/use-words.ts';
import { useBelfry } from '../provider/use-belfry.ts';
import { durationOf } from '../seconds/duration.ts';
import { useEverySecond } from '../seconds/every-second.ts';

const SOON_MS = 60_000;

/** How long it may still be answered, by the server's clock. Nothing of one that does not end. */
export function TimeLeft({ question }: { question: QuestionItem }): ReactNode {
  const classes = useClasses();
  const { say, locale } = useWords(questionWords);
  const { questions } = useBelfry();
  useEverySecond(question.expiresAt !== null);
  const left = questions.timeLeft(question);
  if (left === null || question.expiresAt === null) return null;
  return (
    <time className={classes('questionTime')} dateTime={question.expiresAt} data-soon={left < SOON_MS}>
      {left < 1_000 ? say('question.lastMoment') : say('question.timeLeft', { time: durationOf(left, locale) })}
    </time>
  );
}
