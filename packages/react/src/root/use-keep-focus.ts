import { type FocusEvent, type RefObject, useRef } from 'react';
import { useBeforePaint } from './use-before-paint.ts';

/** When what had the focus goes, the element around it has it, so that the keyboard does not start over at the page's top. */
export function useKeepFocus(element: RefObject<HTMLElement | null>): {
  onFocus: () => void;
  onBlur: (event: FocusEvent) => void;
} {
  const hasFocus = useRef(false);
  useBeforePaint(() => {
    if (hasFocus.current && document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  });
  return {
    onFocus: () => {
      hasFocus.current = true;
    },
    onBlur: ({ relatedTarget, currentTarget }) => {
      // An element that goes with the focus tells of no other; the page may also have lost it, and then it comes back.
      hasFocus.current = relatedTarget === null || currentTarget.contains(relatedTarget);
    },
  };
}
