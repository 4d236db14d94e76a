import { useState } from 'react';

export interface OpenProps {
  /** Whether it is open, if you decide; without it the inbox does. */
  open?: boolean | undefined;
  /** Whether it is open at first. */
  defaultOpen?: boolean | undefined;
  /** Somebody wants it opened or closed. */
  onOpenChange?: ((open: boolean) => void) | undefined;
}

export function useOpen({ open, defaultOpen = false, onOpenChange }: OpenProps): [boolean, (open: boolean) => void] {
  const [own, setOwn] = useState(defaultOpen);
  const isOpen = open ?? own;
  const change = (next: boolean): void => {
    if (next === isOpen) return;
    setOwn(next);
    onOpenChange?.(next);
  };
  return [isOpen, change];
}
