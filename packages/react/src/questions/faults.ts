import type { Json, QuestionField, QuestionSchema } from '@belfry/client';
import { contentFault, optionsOf } from '@belfry/protocol';
import type { questionWords } from '../localization/english/questions.ts';

/** A sentence to say, and what to say it of. */
interface Saying {
  key: keyof typeof questionWords;
  values?: Record<string, number>;
}

export type Faults = Readonly<Record<string, Saying>>;

/** What is wrong, a field each. Whether something is, is judged by the very rules of the server. */
export function faultsOf(schema: QuestionSchema, content: Record<string, Json>): Faults {
  const found: Record<string, Saying> = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const alone = { type: 'object' as const, properties: { [name]: field }, required: onlyIf(name, schema.required) };
    const value = content[name];
    const isWrong = contentFault(alone, value === undefined ? {} : { [name]: value }) !== null;
    if (isWrong) found[name] = mendOf(field, value);
  }
  return found;
}

function onlyIf(name: string, required: readonly string[] = []): string[] {
  return required.includes(name) ? [name] : [];
}

/** How to mend it. */
function mendOf(field: QuestionField, value: Json | undefined): Saying {
  switch (field.type) {
    case 'boolean':
      return { key: 'fault.missing' };
    case 'array':
      return choicesMend(field, value);
    case 'number':
    case 'integer':
      return numberMend(field, value);
    default:
      return optionsOf(field) === null ? textMend(field, value) : { key: 'fault.unchosen' };
  }
}

function choicesMend({ minItems = 0, maxItems }: Of<'array'>, value: Json | undefined): Saying {
  const chosen = Array.isArray(value) ? value.length : 0;
  if (maxItems !== undefined && chosen > maxItems) return { key: 'fault.maxItems', values: { count: maxItems } };
  return { key: 'fault.minItems', values: { count: Math.max(1, minItems) } };
}

function numberMend({ type, minimum, maximum }: Of<'number' | 'integer'>, value: Json | undefined): Saying {
  if (value === undefined) return { key: 'fault.missing' };
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  if (isNumber && minimum !== undefined && value < minimum) return { key: 'fault.minimum', values: { minimum } };
  if (isNumber && maximum !== undefined && value > maximum) return { key: 'fault.maximum', values: { maximum } };
  return { key: type === 'integer' ? 'fault.integer' : 'fault.number' };
}

function textMend(field: Of<'string'>, value: Json | undefined): Saying {
  if (typeof value !== 'string') return { key: 'fault.missing' };
  const { minLength = 0, maxLength, format } = field as { minLength?: number; maxLength?: number; format?: Format };
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) return { key: 'fault.maxLength', values: { count: maxLength } };
  if (format !== undefined) return { key: `fault.${format}` };
  return length < minLength ? { key: 'fault.minLength', values: { count: minLength } } : { key: 'fault.other' };
}

type Of<Type> = Extract<QuestionField, { type: Type }>;
type Format = 'email' | 'uri' | 'date' | 'date-time';
