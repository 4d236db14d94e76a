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

/** Whether a person may still answer it, `now` being the server's time. */
export function hasExpired({ status, expiresAt }: Question, now: number | null): boolean {
  return status === 'open' && expiresAt !== null && now !== null && Date.parse(expiresAt) <= now;
}
