import type { Question } from '@belfry/protocol';
import { alike } from '../alike.ts';
import { newestFirst } from '../subject.ts';
import type { QuestionItem } from './questions.ts';

/** Items as they are shown; one that is as before is the same object, so that nobody draws it again. */
export function createShown(): (items: Iterable<QuestionItem>) => QuestionItem[] {
  let shown: QuestionItem[] = [];
  return (items) => {
    const last = new Map(shown.map((item) => [item.id, item]));
    shown = newestFirst(items).map((item) => {
      const before = last.get(item.id);
      return before !== undefined && alike(before, item, 1) ? before : item;
    });
    return shown;
  };
}

/** Milliseconds until it expires, `now` being the server's time; null where it does not, or that is not known. */
export function timeLeft({ expiresAt }: Pick<Question, 'expiresAt'>, now: number | null): number | null {
  return expiresAt === null || now === null ? null : Math.max(0, Date.parse(expiresAt) - now);
}

/** An open one that nobody may answer any more, though its event has not come. */
export function hasExpired(question: Question, now: number | null): boolean {
  return question.status === 'open' && timeLeft(question, now) === 0;
}
