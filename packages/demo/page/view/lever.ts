import { button, el, setText } from './dom.ts';

/** How a lever looks now. */
export interface LeverFace {
  label: string;
  /** One sentence on what it does, or is doing. */
  hint: string;
  /** It breaks something. */
  danger?: boolean;
  disabled?: boolean;
  /** For one that is on or off. */
  pressed?: boolean;
}

export interface Lever {
  element: HTMLElement;
  render: () => void;
}

/** A button with its sentence. `tell` hears null when it is pressed, and the error where that fails. */
export function lever(
  id: string,
  pull: () => Promise<unknown>,
  tell: (error: Error | null) => void,
  face: () => LeverFace,
): Lever {
  const hint = el('p', { class: 'hint' });
  const control = button(
    '',
    () => {
      tell(null);
      pull().catch(tell);
    },
    { id },
  );
  return {
    element: el('div', { class: 'control' }, control, hint),
    render: () => {
      const now = face();
      setText(control, now.label);
      setText(hint, now.hint);
      control.classList.toggle('danger', now.danger === true);
      control.disabled = now.disabled === true;
      if (now.pressed !== undefined) control.setAttribute('aria-pressed', String(now.pressed));
    },
  };
}
