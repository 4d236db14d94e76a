import type { Question } from '@belfry/protocol';
import { alike } from '../alike.ts';
import { newestFirst } from '../subject.ts';
import type { QuestionItem } from './questions.ts';

/** Items as they are shown; one that is as before is the same object, so that nobody draws it again. */
export class Shown {
  #last = new Map<string, QuestionItem>();

  of(items: Iterable<QuestionItem>): QuestionItem[] {
    const next = newestFirst(items).map((item) => {
      const last = this.#last.get(item.id);
      return last !== undefined && alike(last, item, 1) ? last : item;
    });
    this.#last = new Map(next.map((item) => [item.id, item]));
    return next;
  }
}

/** Whether a person may still answer it, `now` being the server's time. */
export function hasExpired({ status, expiresAt }: Question, now: number | null): boolean {
  return status === 'open' && expiresAt !== null && now !== null && Date.parse(expiresAt) <= now;
}
