import type { QuestionItem } from '@belfry/client';
import { type RefObject, useRef } from 'react';
import { useBeforePaint } from '../root/use-before-paint.ts';
import { FIRST_WRONG } from './use-form.ts';

/**
 * A form that goes away takes the focus along, and with it a keyboard's place on the page: the outcome gets it instead,
 * and gives it back where the answer was not taken. `form` is to be given to the form, which says whether it had it.
 */
export function useFocusAfter({ status, error }: QuestionItem) {
  const card = useRef<HTMLElement>(null);
  const outcome = useRef<HTMLDivElement>(null);
  const formHadFocus = useRef(false);
  useBeforePaint(() => {
    if (status !== 'open' && formHadFocus.current) outcome.current?.focus();
    formHadFocus.current = false;
    if (status === 'open' && error !== null && document.activeElement === outcome.current) {
      card.current?.querySelector<HTMLElement>(`${FIRST_WRONG}, button[type="submit"]`)?.focus();
    }
  }, [status, error]);
  return { card, outcome, formHadFocus };
}

/** Notes whether the focus was in the form, at the last moment before it is removed. */
export function useFocusNote(formHadFocus: RefObject<boolean>): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useBeforePaint(() => {
    const element = form.current;
    return () => {
      formHadFocus.current = element?.contains(document.activeElement) ?? false;
    };
  }, [formHadFocus]);
  return form;
}
