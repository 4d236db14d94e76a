import type { QuestionField } from '@belfry/client';
import type { ReactNode } from 'react';
import type { FieldProps } from './field-props.ts';
import { Frame } from './frame.tsx';
import { useControl } from './use-control.ts';

type TextField = Extract<QuestionField, { type: 'string' }>;

/** More than a line of it gets room. */
const ONE_LINE = 200;

const TYPES = { email: 'email', uri: 'url', date: 'date', 'date-time': 'datetime-local' } as const;

export function TextInput({ field, ...props }: FieldProps<TextField>): ReactNode {
  const { maxLength = 0, format } = field as { maxLength?: number; format?: keyof typeof TYPES };
  const hint = field.description;
  const control = useControl(props, hint);
  return (
    <Frame {...props} hint={hint}>
      {format === undefined && maxLength > ONE_LINE ? (
        <textarea rows={3} {...control} />
      ) : (
        <input type={format === undefined ? 'text' : TYPES[format]} autoComplete="off" dir="auto" {...control} />
      )}
    </Frame>
  );
}
