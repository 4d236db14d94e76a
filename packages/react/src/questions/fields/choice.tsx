import type { QuestionField } from '@belfry/client';
import type { ReactNode } from 'react';
import { Icon } from '../../appearance/icon.tsx';
import { useClasses } from '../../appearance/use-classes.ts';
import { questionWords } from '../../localization/english/questions.ts';
import { useWords } from '../../localization/use-words.ts';
import { type Option, titledOptions } from '../options.ts';
import type { FieldProps } from './field-props.ts';
import { Frame, GroupFrame } from './frame.tsx';
import { useControl } from './use-control.ts';

type Props = FieldProps<Extract<QuestionField, { type: 'string' }>>;

/** More are shown as a list to open. */
const MOST_RADIOS = 6;

/** One of several. What may be left out can't be unticked as a radio, so that is a list to open, too. */
export function Choice(props: Props): ReactNode {
  const options = titledOptions(props.field) ?? [];
  const asRadios = options.length <= MOST_RADIOS && props.required;
  return asRadios ? <Radios {...props} options={options} /> : <Select {...props} options={options} />;
}

function Radios({ options, field, entry, onEntry, ...props }: Props & { options: Option[] }): ReactNode {
  const classes = useClasses();
  return (
    <GroupFrame {...props} hint={field.description} role="radiogroup">
      {options.map(({ value, title }, at) => (
        <label key={value} className={classes('fieldOption')}>
          <input
            id={at === 0 ? props.id : undefined}
            type="radio"
            name={props.id}
            defaultChecked={entry === value}
            onChange={() => onEntry(value)}
          />
          <span>{title}</span>
        </label>
      ))}
    </GroupFrame>
  );
}

function Select({ options, field, ...props }: Props & { options: Option[] }): ReactNode {
  const { say } = useWords(questionWords);
  const hint = field.description;
  return (
    <Frame {...props} hint={hint}>
      <span className="belfry-select">
        <select {...useControl(props, hint)}>
          <option value="">{say('question.choose')}</option>
          {options.map(({ value, title }) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
        <Icon name="chevron" />
      </span>
    </Frame>
  );
}
