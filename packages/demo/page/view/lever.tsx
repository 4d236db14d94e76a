import type { ReactNode } from 'react';
import type { Code } from '../code.ts';
import { CodeLink } from './code-link.tsx';

export interface LeverProps {
  id: string;
  label: string;
  /** One sentence on what it does, or is doing. */
  hint: string;
  /** What it sets going. */
  code: Code;
  pull: () => Promise<unknown>;
  /** Hears null when it is pulled, and the error where that fails. */
  tell: (error: Error | null) => void;
  /** It breaks something. */
  danger?: boolean;
  disabled?: boolean;
  /** For one that is on or off. */
  pressed?: boolean;
}

/** A button with its sentence and its code. */
export function Lever({ id, label, hint, code, pull, tell, danger, disabled, pressed }: LeverProps): ReactNode {
  const click = (): void => {
    tell(null);
    pull().catch(tell);
  };
  return (
    <div className="control">
      <button
        type="button"
        id={id}
        className={danger ? 'danger' : undefined}
        disabled={disabled}
        aria-pressed={pressed}
        aria-describedby={`${id}-hint`}
        onClick={click}
      >
        {label}
      </button>
      <p className="hint">
        <span id={`${id}-hint`}>{hint}</span> <CodeLink {...code} />
      </p>
    </div>
  );
}
