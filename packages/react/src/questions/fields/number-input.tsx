import type { QuestionField } from '@belfry/client';
import type { ReactNode } from 'react';
import { useClasses } from '../../appearance/use-classes.ts';
import { questionWords } from '../../localization/english/questions.ts';
import { type Speech, useWords } from '../../localization/use-words.ts';
import { UNREADABLE } from '../draft.ts';
import type { FieldProps } from './field-props.ts';
import { describedBy, Frame } from './frame.tsx';

type NumberField = Extract<QuestionField, { type: 'number' | 'integer' }>;

export function NumberInput({ field, ...props }: FieldProps<NumberField>): ReactNode {
  const classes = useClasses();
  const speech = useWords(questionWords);
  const { id, required, fault, entry, onEntry } = props;
  const hint = [field.description, boundsOf(field, speech)].filter(Boolean).join(' · ') || undefined;
  return (
    <Frame {...props} hint={hint}>
      <input
        id={id}
        className={classes('fieldInput')}
        type="number"
        inputMode={field.type === 'integer' && (field.minimum ?? -1) >= 0 ? 'numeric' : 'decimal'}
        step={field.type === 'integer' ? 1 : 'any'}
        min={field.minimum}
        max={field.maximum}
        autoComplete="off"
        defaultValue={typeof entry === 'string' ? entry : ''}
        aria-required={required}
        aria-invalid={fault !== undefined}
        aria-describedby={describedBy({ id, hint, fault })}
        onChange={({ target }) => onEntry(target.validity.badInput ? UNREADABLE : target.value)}
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
