import { type FocusEvent, type KeyboardEvent, type RefObject, useRef, useState } from 'react';
import { useBeforePaint } from '../root/use-before-paint.ts';

export interface Roving {
  /** The item that Tab leads to. */
  currentId: string | undefined;
  /** For the element around the items. */
  handlers: {
    onKeyDown: (event: KeyboardEvent) => void;
    onFocus: (event: FocusEvent) => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/**
 * One item of the list takes part in the order of Tab, with its buttons; arrows, Home and End make another one that.
 * `reveal` scrolls to an item that is not on the page. When the item that has the focus goes, the one that takes its
 * place has it.
 */
export function useRoving(
  list: RefObject<HTMLElement | null>,
  items: readonly { id: string }[],
  reveal: (id: string) => void,
): Roving {
  const [chosen, setChosen] = useState<string>();
  const place = useRef(0);
  const hasFocus = useRef(false);
  const toFocus = useRef<string>(undefined);

  const found = chosen === undefined ? -1 : items.findIndex(({ id }) => id === chosen);
  const index = found >= 0 ? found : Math.min(chosen === undefined ? 0 : place.current, items.length - 1);
  const currentId = items[index]?.id;

  const goTo = (next: number): void => {
    const id = items[Math.max(0, Math.min(next, items.length - 1))]?.id;
    if (id === undefined) return;
    toFocus.current = id;
    setChosen(id);
    if (!rowOf(list, id)) reveal(id);
    else focusPending();
  };
  const focusPending = (): void => {
    const row = toFocus.current === undefined ? undefined : rowOf(list, toFocus.current);
    if (!row) return;
    toFocus.current = undefined;
    (row.querySelector<HTMLElement>('[data-primary]') ?? row).focus();
  };

  useBeforePaint(() => {
    if (chosen !== undefined && found < 0 && hasFocus.current && focusIsLost()) {
      toFocus.current = currentId;
      setChosen(currentId);
      // Nothing is left: the keys still reach the list.
      if (currentId === undefined) list.current?.focus();
    }
    place.current = index;
    focusPending();
    // What had the focus was scrolled out of the page.
    if (hasFocus.current && focusIsLost()) list.current?.focus({ preventScroll: true });
  });

  return {
    currentId,
    handlers: {
      onKeyDown: (event) => {
        const step = stepOf(event, index, items.length);
        if (step === undefined || event.defaultPrevented) return;
        event.preventDefault();
        goTo(event.target === list.current && document.activeElement === list.current ? index : step);
      },
      onFocus: (event) => {
        hasFocus.current = true;
        const id = (event.target as Element).closest<HTMLElement>('[data-row]')?.dataset.row;
        if (id !== undefined) setChosen(id);
      },
      onBlur: ({ relatedTarget, currentTarget }) => {
        hasFocus.current = relatedTarget === null || currentTarget.contains(relatedTarget);
      },
    },
  };
}

function focusIsLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function stepOf({ key, altKey, ctrlKey, metaKey }: KeyboardEvent, index: number, count: number): number | undefined {
  if (altKey || ctrlKey || metaKey) return undefined;
  const steps: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: count - 1 };
  return steps[key];
}

function rowOf(list: RefObject<HTMLElement | null>, id: string): HTMLElement | null | undefined {
  return list.current?.querySelector<HTMLElement>(`li[data-row="${CSS.escape(id)}"]`);
}
