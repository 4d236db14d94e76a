import type { QuestionField } from '@belfry/client';
import type { ChangeEvent, ReactNode } from 'react';
import { useClasses } from '../../appearance/use-classes.ts';
import { UNREADABLE } from '../draft.ts';
import type { FieldProps } from './field-props.ts';
import { describedBy, Frame } from './frame.tsx';

type TextField = Extract<QuestionField, { type: 'string' }>;

/** More than a line of it gets room. */
const ONE_LINE = 200;

const TYPES = { email: 'email', uri: 'url', date: 'date', 'date-time': 'datetime-local' } as const;

export function TextInput({ field, ...props }: FieldProps<TextField>): ReactNode {
  const classes = useClasses();
  const { maxLength = 0, format } = field as { maxLength?: number; format?: keyof typeof TYPES };
  const { id, required, fault, entry, onEntry } = props;
  const hint = field.description;
  const shared = {
    id,
    className: classes('fieldInput'),
    defaultValue: typeof entry === 'string' ? entry : '',
    'aria-required': required,
    'aria-invalid': fault !== undefined,
    'aria-describedby': describedBy({ id, hint, fault }),
    onChange: ({ target }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onEntry(target.validity.badInput ? UNREADABLE : target.value),
  };
  return (
    <Frame {...props} hint={hint}>
      {format === undefined && maxLength > ONE_LINE ? (
        <textarea rows={3} {...shared} />
      ) : (
        <input type={format === undefined ? 'text' : TYPES[format]} autoComplete="off" dir="auto" {...shared} />
      )}
    </Frame>
  );
}
