import type { FormEvent, ReactNode } from 'react';
import type { Draft, Recipient, Severity } from '../../src/wire.ts';

const RECIPIENTS: readonly (readonly [value: Recipient, label: string])[] = [
  ['ada', 'Ada'],
  ['ben', 'Ben'],
  ['all', 'Everyone'],
];
const SEVERITIES: readonly Severity[] = ['info', 'success', 'warning', 'critical'];

interface SendFormProps {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onSubmit: (event: FormEvent) => void;
  disabled: boolean;
}

/** The fields of a message. */
export function SendForm({ draft, onDraft, onSubmit, disabled }: SendFormProps): ReactNode {
  const change = (part: Partial<Draft>): void => onDraft({ ...draft, ...part });
  return (
    <form className="send-form" onSubmit={onSubmit}>
      <Recipients chosen={draft.to} choose={(to) => change({ to })} />
      <Field id="send-title-field" label="Title">
        <input
          id="send-title-field"
          name="title"
          required
          maxLength={200}
          autoComplete="off"
          value={draft.title}
          onChange={({ target }) => change({ title: target.value })}
        />
      </Field>
      <Field id="send-body-field" label="Body">
        <input
          id="send-body-field"
          name="body"
          maxLength={4_000}
          autoComplete="off"
          value={draft.body ?? ''}
          onChange={({ target }) => change({ body: target.value === '' ? null : target.value })}
        />
      </Field>
      <div className="form-end">
        <Field id="send-severity-field" label="Severity">
          <select
            id="send-severity-field"
            name="severity"
            value={draft.severity}
            onChange={({ target }) => change({ severity: target.value as Severity })}
          >
            {SEVERITIES.map((severity) => (
              <option key={severity}>{severity}</option>
            ))}
          </select>
        </Field>
        <button type="submit" className="primary" disabled={disabled}>
          Send
        </button>
      </div>
    </form>
  );
}

function Recipients({ chosen, choose }: { chosen: Recipient; choose: (to: Recipient) => void }): ReactNode {
  return (
    <fieldset className="choice">
      <legend className="hidden-text">To</legend>
      {RECIPIENTS.map(([value, label]) => (
        <label key={value}>
          <input type="radio" name="to" value={value} checked={value === chosen} onChange={() => choose(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Field({ id, label, children }: { id: string; label: string; children: ReactNode }): ReactNode {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
    </div>
  );
}
