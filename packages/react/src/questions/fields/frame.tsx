import type { ReactNode } from 'react';
import { useClasses } from '../../appearance/use-classes.ts';
import { questionWords } from '../../localization/english/questions.ts';
import { useWords } from '../../localization/use-words.ts';

export interface FrameProps {
  id: string;
  label: string;
  hideLabel: boolean;
  required: boolean;
  hint: string | undefined;
  fault: string | undefined;
  children: ReactNode;
}

/** The ids of what is said about a control, for its `aria-describedby`. */
export function describedBy({ id, hint, fault }: Pick<FrameProps, 'id' | 'hint' | 'fault'>): string | undefined {
  return [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
}

/** Label, hint and fault around one control. */
export function Frame({ children, ...props }: FrameProps): ReactNode {
  const classes = useClasses();
  return (
    <div className={classes('field')} data-invalid={props.fault !== undefined}>
      <label className={labelClass(classes('fieldLabel'), props.hideLabel)} htmlFor={props.id}>
        <LabelWords {...props} />
      </label>
      <Notes {...props} />
      {children}
      <FaultNote {...props} />
    </div>
  );
}

/** The same around several controls. */
export function GroupFrame({ children, role, ...props }: FrameProps & { role?: 'radiogroup' }): ReactNode {
  const classes = useClasses();
  const aria = role && { 'aria-required': props.required, 'aria-invalid': props.fault !== undefined };
  return (
    <fieldset
      className={classes('field')}
      data-invalid={props.fault !== undefined}
      role={role}
      aria-describedby={describedBy(props)}
      {...aria}
    >
      <legend className={labelClass(classes('fieldLabel'), props.hideLabel)}>
        <LabelWords {...props} />
      </legend>
      <Notes {...props} />
      {children}
      <FaultNote {...props} />
    </fieldset>
  );
}

function labelClass(own: string, hidden: boolean): string {
  return hidden ? `${own} belfry-hidden` : own;
}

function LabelWords({ label, required, hideLabel }: FrameProps | Omit<FrameProps, 'children'>): ReactNode {
  const { say } = useWords(questionWords);
  if (required || hideLabel) return <bdi>{label}</bdi>;
  return (
    <>
      <bdi>{label}</bdi> <small>({say('question.optional')})</small>
    </>
  );
}

function Notes({ id, hint }: Pick<FrameProps, 'id' | 'hint'>): ReactNode {
  const classes = useClasses();
  if (!hint) return null;
  return (
    <p className={classes('fieldHint')} id={`${id}-hint`}>
      {hint}
    </p>
  );
}

export function FaultNote({ id, fault }: Pick<FrameProps, 'id' | 'fault'>): ReactNode {
  const classes = useClasses();
  if (!fault) return null;
  return (
    <p className={classes('fieldFault')} id={`${id}-fault`} dir="auto">
      {fault}
    </p>
  );
}
