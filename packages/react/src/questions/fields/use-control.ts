import type { ChangeEvent } from 'react';
import { useClasses } from '../../appearance/use-classes.ts';
import { UNREADABLE } from '../draft.ts';
import type { FieldProps } from './field-props.ts';
import { describedBy } from './frame.tsx';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What every control has that text is put into. */
export function useControl({ id, required, fault, entry, onEntry }: Omit<FieldProps, 'field'>, hint?: string) {
  return {
    id,
    className: useClasses()('fieldInput'),
    defaultValue: typeof entry === 'string' ? entry : '',
    'aria-required': required,
    'aria-invalid': fault !== undefined,
    'aria-describedby': describedBy({ id, hint, fault }),
    onChange: ({ target }: ChangeEvent<Control>) => onEntry(target.validity.badInput ? UNREADABLE : target.value),
  };
}
