import { optionsOf } from '@belfry/protocol';
import type { ReactNode } from 'react';
import { Checkbox } from './checkbox.tsx';
import { Choice } from './choice.tsx';
import { Choices } from './choices.tsx';
import type { FieldProps } from './field-props.ts';
import { NumberInput } from './number-input.tsx';
import { TextInput } from './text-input.tsx';

export function Field({ field, ...props }: FieldProps): ReactNode {
  switch (field.type) {
    case 'boolean':
      return <Checkbox field={field} {...props} />;
    case 'array':
      return <Choices field={field} {...props} />;
    case 'number':
    case 'integer':
      return <NumberInput field={field} {...props} />;
    default: {
      const Input = optionsOf(field) === null ? TextInput : Choice;
      return <Input field={field} {...props} />;
    }
  }
}
