import { el, setText } from './dom.ts';

/** Hears what failed in a panel; null when it is over. */
export type Tell = (error: Error | null) => void;

/** Where a panel says what failed. */
export function panelProblem(): { element: HTMLElement; tell: Tell } {
  const element = el('p', { class: 'problem', role: 'alert', hidden: true });
  return {
    element,
    tell: (error) => {
      element.hidden = error === null;
      setText(element, error?.message ?? '');
    },
  };
}
