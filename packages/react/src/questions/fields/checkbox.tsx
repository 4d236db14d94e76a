import type { QuestionField } from '@belfry/client';
import type { ReactNode } from 'react';
import { useClasses } from '../../appearance/use-classes.ts';
import type { FieldProps } from './field-props.ts';
import { describedBy, FaultNote } from './frame.tsx';

/** Yes or no. An unticked box is an answer, too, so it is never missing. */
export function Checkbox({
  id,
  field,
  label,
  entry,
  onEntry,
  fault,
}: FieldProps<Extract<QuestionField, { type: 'boolean' }>>): ReactNode {
  const classes = useClasses();
  const hint = field.description;
  return (
    <div className={classes('field')}>
      <label className={classes('fieldOption')} htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          defaultChecked={entry === true}
          aria-invalid={fault !== undefined}
          aria-describedby={describedBy({ id, hint, fault })}
          onChange={({ target }) => onEntry(target.checked)}
        />
        <span>{label}</span>
      </label>
      {hint && (
        <p className={classes('fieldHint')} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FaultNote id={id} fault={fault} />
    </div>
  );
}
