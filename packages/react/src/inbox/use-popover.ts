import { type RefObject, useEffect, useRef } from 'react';
import { useBeforePaint } from '../root/use-before-paint.ts';
import { type Placement, placeBeside } from './placement.ts';

interface PopoverOptions {
  isOpen: boolean;
  /** Over the whole page, which then can't be used. */
  isModal: boolean;
  placement: Placement;
  close: () => void;
}

/**
 * Shows a `<dialog popover="manual">` above everything else: beside the anchor, or as a modal sheet. The platform brings
 * the top layer and, for the sheet, keeps focus and screen readers inside; closing is ours, since `open` may be the app's.
 */
export function usePopover(
  dialog: RefObject<HTMLDialogElement | null>,
  anchor: RefObject<HTMLElement | null>,
  { isOpen, isModal, placement, close }: PopoverOptions,
): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });

  useBeforePaint(() => {
    const element = dialog.current;
    if (!isOpen || element === null) return;
    const before = document.activeElement;
    if (isModal) element.showModal();
    else element.showPopover();
    element.focus({ preventScroll: true });
    return () => {
      const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body;
      if (element.open) element.close();
      else element.hidePopover();
      const back = before instanceof HTMLElement && before !== document.body ? before : anchor.current;
      if (hadFocus) back?.focus({ preventScroll: true });
    };
  }, [isOpen, isModal, dialog, anchor]);

  useBeforePaint(() => {
    if (!isOpen || isModal) return;
    return keepBeside(dialog.current!, anchor.current!, placement);
  }, [isOpen, isModal, placement, dialog, anchor]);

  useEffect(() => {
    if (!isOpen) return;
    return onLeave(dialog.current!, anchor.current!, isModal, () => latest.current());
  }, [isOpen, isModal, dialog, anchor]);
}

/** Follows the anchor, wherever scrolling and resizing bring it. By script, as a strict policy wants it. */
function keepBeside(dialog: HTMLElement, anchor: HTMLElement, placement: Placement): () => void {
  const place = (): void => {
    const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
    const isRtl = getComputedStyle(anchor).direction === 'rtl';
    const size = { width: dialog.offsetWidth, height: dialog.offsetHeight };
    const { left, top } = placeBeside(anchor.getBoundingClientRect(), size, view, placement, isRtl);
    dialog.style.setProperty('--belfry-left', `${left}px`);
    dialog.style.setProperty('--belfry-top', `${top}px`);
  };
  place();
  const resized = new ResizeObserver(place);
  resized.observe(dialog);
  resized.observe(anchor);
  const ended = new AbortController();
  addEventListener('resize', place, { signal: ended.signal });
  addEventListener('scroll', place, { signal: ended.signal, capture: true, passive: true });
  return () => {
    resized.disconnect();
    ended.abort();
  };
}

/** Escape, a click outside, and where the page is not locked the focus that goes elsewhere. */
function onLeave(dialog: HTMLDialogElement, anchor: HTMLElement, isModal: boolean, leave: () => void): () => void {
  const isOutside = (target: EventTarget | null): boolean =>
    target instanceof Node && !dialog.contains(target) && !anchor.contains(target);
  const ended = new AbortController();
  const { signal } = ended;
  dialog.addEventListener(
    'cancel',
    (event) => {
      event.preventDefault();
      leave();
    },
    { signal },
  );
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      leave();
    },
    { signal },
  );
  // A press on the backdrop is one on the dialog itself, outside of its box.
  document.addEventListener(
    'pointerdown',
    ({ target, clientX, clientY }) => {
      if (isOutside(target) || (isModal && target === dialog && !holds(dialog, clientX, clientY))) leave();
    },
    { signal },
  );
  if (!isModal) {
    document.addEventListener('focusin', ({ target }) => isOutside(target) && leave(), { signal });
  }
  return () => ended.abort();
}

function holds(element: Element, x: number, y: number): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return x >= left && x <= right && y >= top && y <= bottom;
}
