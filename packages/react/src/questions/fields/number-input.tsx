import type { QuestionField } from '@belfry/client';
import type { ReactNode } from 'react';
import { questionWords } from '../../localization/english/questions.ts';
import { type Speech, useWords } from '../../localization/use-words.ts';
import type { FieldProps } from './field-props.ts';
import { Frame } from './frame.tsx';
import { useControl } from './use-control.ts';

type NumberField = Extract<QuestionField, { type: 'number' | 'integer' }>;

export function NumberInput({ field, ...props }: FieldProps<NumberField>): ReactNode {
  const speech = useWords(questionWords);
  const hint = [field.description, boundsOf(field, speech)].filter(Boolean).join(' · ') || undefined;
  const control = useControl(props, hint);
  return (
    <Frame {...props} hint={hint}>
      <input
        type="number"
        inputMode={field.type === 'integer' && (field.minimum ?? -1) >= 0 ? 'numeric' : 'decimal'}
        step={field.type === 'integer' ? 1 : 'any'}
        min={field.minimum}
        max={field.maximum}
        autoComplete="off"
        {...control}
      />
    </Frame>
  );
}

function boundsOf({ minimum, maximum }: NumberField, { say, locale }: Speech<typeof questionWords>) {
  const written = (bound = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(bound);
  const values = { minimum: written(minimum), maximum: written(maximum) };
  if (minimum === undefined) return maximum === undefined ? undefined : say('hint.maximum', values);
  return say(maximum === undefined ? 'hint.minimum' : 'hint.range', values);
}
