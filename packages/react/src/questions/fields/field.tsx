import type { QuestionField } from '@belfry/client';
import { optionsOf } from '@belfry/protocol';
import type { ReactNode } from 'react';
import type { Entry } from '../draft.ts';
import { Checkbox } from './checkbox.tsx';
import { Choice } from './choice.tsx';
import { Choices } from './choices.tsx';
import { NumberInput } from './number-input.tsx';
import { TextInput } from './text-input.tsx';

/** What each kind of field needs to be drawn. */
export interface FieldProps<Field extends QuestionField = QuestionField> {
  /** Of the control, or of its first; ids of hint and fault begin with it. */
  id: string;
  field: Field;
  label: string;
  /** The question itself says it, right above. */
  hideLabel: boolean;
  required: boolean;
  /** What stands in it at first. */
  entry: Entry;
  onEntry: (entry: Entry) => void;
  /** What is wrong with it, in words. */
  fault: string | undefined;
}

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
