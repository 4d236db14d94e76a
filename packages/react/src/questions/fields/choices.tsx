import type { QuestionField } from '@belfry/client';
import { type ReactNode, useState } from 'react';
import { useClasses } from '../../appearance/use-classes.ts';
import { questionWords } from '../../localization/english/questions.ts';
import { useWords } from '../../localization/use-words.ts';
import { titledOptions } from '../options.ts';
import type { FieldProps } from './field-props.ts';
import { GroupFrame } from './frame.tsx';

type ChoicesField = Extract<QuestionField, { type: 'array' }>;

/** Some of several, kept in the order of the options. */
export function Choices({ field, entry, onEntry, ...props }: FieldProps<ChoicesField>): ReactNode {
  const classes = useClasses();
  const { say } = useWords(questionWords);
  const options = titledOptions(field) ?? [];
  const [chosen, setChosen] = useState<readonly string[]>(Array.isArray(entry) ? entry : []);
  const tick = (value: string, ticked: boolean): void => {
    const next = options.map((option) => option.value).filter((one) => (one === value ? ticked : chosen.includes(one)));
    setChosen(next);
    onEntry(next);
  };
  const { minItems = 0, maxItems } = field;
  const bounds = maxItems !== undefined && say('hint.choices', { minimum: minItems, maximum: maxItems });
  const hint = [field.description, bounds].filter(Boolean).join(' · ') || undefined;
  return (
    <GroupFrame {...props} hint={hint}>
      {options.map(({ value, title }, at) => (
        <label key={value} className={classes('fieldOption')}>
          <input
            id={at === 0 ? props.id : undefined}
            type="checkbox"
            checked={chosen.includes(value)}
            aria-invalid={props.fault !== undefined}
            onChange={({ target }) => tick(value, target.checked)}
          />
          <span>{title}</span>
        </label>
      ))}
    </GroupFrame>
  );
}
