import type { QuestionField } from '@belfry/client';
import type { Entry } from '../draft.ts';

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
