import { quote } from './channel.ts';
import { type Fault, fault, optionsOf, type QuestionField, type QuestionSchema } from './question-schema.ts';
import { formatFault } from './string-format.ts';

/**
 * What is first wrong with the content of an answer; null where it fits. Each value is looked at once, and no pattern
 * of the asker's is ever run, so the time is linear in what was sent.
 */
export function contentFault(schema: QuestionSchema, content: unknown): Fault | null {
  if (!isObject(content)) return fault([], 'must be an object with the fields that the schema names');
  for (const name of Object.keys(content)) {
    if (!Object.hasOwn(schema.properties, name)) return fault([name], 'is not asked for: leave it out');
  }
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(content, name)) return fault([name], 'is missing');
  }
  for (const [name, field] of Object.entries(schema.properties)) {
    const found = Object.hasOwn(content, name) ? fieldFault(field, content[name]) : null;
    if (found !== null) return fault([name, ...found.path], found.message);
  }
  return null;
}

/** What is wrong with one value; null where it fits its field. */
export function fieldFault(field: QuestionField, value: unknown): Fault | null {
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? null : fault([], 'must be true or false');
    case 'number':
    case 'integer':
      return numberFault(field, value);
    case 'array':
      return choicesFault(field, value);
    default:
      return textFault(field, value);
  }
}

function numberFault({ type, minimum, maximum }: Extract<QuestionField, { minimum?: number }>, value: unknown) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return fault([], 'must be a number');
  if (type === 'integer' && !Number.isInteger(value)) return fault([], 'must be a whole number');
  if (minimum !== undefined && value < minimum) return fault([], `must be at least ${minimum}`);
  if (maximum !== undefined && value > maximum) return fault([], `must be at most ${maximum}`);
  return null;
}

function choicesFault(field: Extract<QuestionField, { type: 'array' }>, value: unknown): Fault | null {
  if (!Array.isArray(value)) return fault([], 'must be a list of options');
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = field;
  if (value.length < minItems) return fault([], `must have at least ${minItems} options`);
  if (value.length > maxItems) return fault([], `must have at most ${maxItems} options`);
  const left = new Set<unknown>(optionsOf(field));
  const at = value.findIndex((one) => !left.delete(one));
  if (at === -1) return null;
  const isRepeat = value.indexOf(value[at]) < at;
  return fault([at], isRepeat ? 'is there twice' : notAnOption(optionsOf(field) ?? []));
}

function textFault(field: Extract<QuestionField, { type: 'string' }>, value: unknown): Fault | null {
  if (typeof value !== 'string') return fault([], 'must be text');
  const options = optionsOf(field);
  if (options !== null) return options.includes(value) ? null : fault([], notAnOption(options));
  const {
    minLength = 0,
    maxLength = Number.POSITIVE_INFINITY,
    format,
  } = field as Extract<QuestionField, { format?: unknown }>;
  const length = lengthOf(value);
  if (length < minLength) return fault([], length === 0 ? 'must not be empty' : tooShort(minLength));
  if (length > maxLength) return fault([], `is too long: at most ${maxLength} characters`);
  return format === undefined ? null : formatFault(format, value);
}

/** JSON Schema counts characters, so an emoji is one and not two. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function tooShort(minLength: number): string {
  return `is too short: at least ${minLength} characters`;
}

function notAnOption(options: readonly string[]): string {
  const [some, more] = [options.slice(0, 5).map(quote), options.length - 5];
  return `must be one of ${some.join(', ')}${more > 0 ? ` or ${more} more` : ''}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
