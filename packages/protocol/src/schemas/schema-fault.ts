import { fieldFault, isObject } from '../answer-content.ts';
import { LIMITS } from '../limits.ts';
import { type Fault, fault, optionsOf, type QuestionField, STRING_FORMATS } from '../question-schema.ts';
import { digits } from './digits.ts';

type Check = (value: unknown) => Fault | null;
type Checks = Record<string, Check>;

/**
 * What is first wrong with the schema that a question is asked with; null where it is a `QuestionSchema`. It may be
 * flat only, and have no keyword that is not listed here: no nesting, no `$ref`, no `pattern`, which could be made to
 * take for ever.
 */
export function schemaFault(value: unknown): Fault | null {
  if (!isObject(value)) return fault([], 'must be a JSON Schema: {"type":"object","properties":{…}}');
  return (
    keywordFault(value, SCHEMA_KEYWORDS) ??
    (value.type === 'object' ? null : fault(['type'], 'must be "object"')) ??
    propertiesFault(value.properties) ??
    requiredFault(value.required, value.properties as object)
  );
}

function propertiesFault(properties: unknown): Fault | null {
  if (!isObject(properties)) return fault(['properties'], 'must be an object with a field for each thing to fill in');
  const names = Object.keys(properties);
  if (names.length === 0) return fault(['properties'], 'must have at least one field');
  if (names.length > LIMITS.questionFields) {
    return fault(['properties'], `has too many fields: at most ${LIMITS.questionFields}`);
  }
  return first(names, (name) => within(['properties', name], nameFault(name) ?? definitionFault(properties[name])));
}

function nameFault(name: string): Fault | null {
  if (name !== '' && name.length <= LIMITS.label && name !== '__proto__') return null;
  return fault([], `must have another name: 1 to ${LIMITS.label} characters, and not __proto__`);
}

function requiredFault(required: unknown, properties: object): Fault | null {
  if (required === undefined) return null;
  if (!Array.isArray(required)) return fault(['required'], 'must be a list of names of fields');
  const left = new Set<unknown>(Object.keys(properties));
  const at = required.findIndex((name) => !left.delete(name));
  return at === -1 ? null : fault(['required', at], 'must be the name of a field in properties, and be there once');
}

/** What is wrong with the definition of one field. */
function definitionFault(field: unknown): Fault | null {
  if (!isObject(field)) return fault([], 'must be an object with a type');
  const keywords = keywordsOf(field);
  if (keywords === null) {
    return fault(['type'], 'must be string, number, integer, boolean, or array for several of a list of options');
  }
  return keywordFault(field, keywords) ?? togetherFault(field) ?? defaultFault(field);
}

function keywordsOf(field: Record<string, unknown>): Checks | null {
  const { type } = field;
  if (type === 'string') return 'enum' in field || 'oneOf' in field ? CHOICE : TEXT;
  if (type === 'number' || type === 'integer') return NUMBER;
  if (type === 'boolean') return BOOLEAN;
  return type === 'array' ? CHOICES : null;
}

function keywordFault(object: Record<string, unknown>, checks: Checks): Fault | null {
  return first(Object.keys(object), (name) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check !== undefined) return within([name], check(object[name]));
    return fault([name], `is not a keyword here. There are ${Object.keys(checks).join(', ')}`);
  });
}

/** What no keyword shows by itself. */
function togetherFault(field: Record<string, unknown>): Fault | null {
  for (const [low, high] of [
    ['minLength', 'maxLength'],
    ['minItems', 'maxItems'],
    ['minimum', 'maximum'],
  ] as const) {
    if (Number(field[low]) > Number(field[high])) return fault([low], `must not be above ${high}`);
  }
  if (field.type === 'integer' && Math.ceil(Number(field.minimum)) > Math.floor(Number(field.maximum))) {
    return fault(['minimum'], 'must leave a whole number up to maximum');
  }
  if (field.type === 'array') return within(['items'], itemsFault(field.items)) ?? fewOptionsFault(field);
  if ('enum' in field && 'oneOf' in field) return fault(['oneOf'], 'and enum say the same: leave one out');
  const { enumNames } = field;
  if (enumNames === undefined) return null;
  const { length } = (field.enum ?? []) as unknown[];
  return (enumNames as unknown[]).length === length ? null : fault(['enumNames'], 'must have as many entries as enum');
}

function fewOptionsFault(field: Record<string, unknown>): Fault | null {
  const { length } = optionsOf(field as unknown as QuestionField) ?? [];
  return Number(field.minItems) > length
    ? fault(['minItems'], `must not be above ${length}, the options there are`)
    : null;
}

function itemsFault(items: unknown): Fault | null {
  if (!isObject(items)) return fault([], 'must be {"type":"string","enum":[…]} or {"anyOf":[{"const":…,"title":…}]}');
  const found = keywordFault(items, ITEMS);
  if (found !== null) return found;
  return 'enum' in items === 'anyOf' in items ? fault([], 'must have either enum or anyOf') : null;
}

function defaultFault(field: Record<string, unknown>): Fault | null {
  if (field.default === undefined) return null;
  return within(['default'], fieldFault(field as unknown as QuestionField, field.default));
}

const anything: Check = () => null;
const title: Check = (value) => textFault(value, LIMITS.title);
const description: Check = (value) => textFault(value, LIMITS.body);

const count: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? null : fault([], 'must be a whole number from 0 on');

/** What an answer is sent in has this much room. */
const leastLength: Check = (value) =>
  count(value) ??
  (Number(value) <= LIMITS.dataBytes
    ? null
    : fault([], `must be at most ${digits(LIMITS.dataBytes)}: an answer has no more room`));

const number: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? null : fault([], 'must be a number');

const format: Check = (value) =>
  (STRING_FORMATS as readonly unknown[]).includes(value) ? null : fault([], `must be ${STRING_FORMATS.join(', ')}`);

const options: Check = (value) => listFault(value, (one) => one, option);

const titledOptions: Check = (value) =>
  listFault(
    value,
    (one) => (isObject(one) ? one.const : undefined),
    (one) => {
      if (!isObject(one)) return fault([], 'must be {"const":…,"title":…}');
      const found = keywordFault(one, { const: option, title });
      if (found !== null) return found;
      const missing = ['const', 'title'].find((name) => !(name in one));
      return missing === undefined ? null : fault([missing], 'is missing');
    },
  );

const titles: Check = (value) => {
  if (!Array.isArray(value)) return fault([], 'must be a list of text');
  return value.length > LIMITS.questionOptions
    ? tooMany()
    : first([...value.keys()], (at) => within([at], title(value[at])));
};

function option(value: unknown): Fault | null {
  return textFault(value, LIMITS.id);
}

/** A list of options, each there once. */
function listFault(value: unknown, keyOf: (one: unknown) => unknown, check: Check): Fault | null {
  if (!Array.isArray(value) || value.length === 0) return fault([], 'must be a list of at least one option');
  if (value.length > LIMITS.questionOptions) return tooMany();
  const seen = new Set<unknown>();
  return first([...value.keys()], (at) => {
    const found = check(value[at]);
    if (found !== null) return within([at], found);
    const one = keyOf(value[at]);
    return seen.size === seen.add(one).size ? fault([at], 'is there twice') : null;
  });
}

function tooMany(): Fault {
  return fault([], `has too many options: at most ${LIMITS.questionOptions}`);
}

function textFault(value: unknown, max: number): Fault | null {
  if (typeof value !== 'string') return fault([], 'must be text');
  if (value === '') return fault([], 'must not be empty');
  return value.length > max ? fault([], `is too long: at most ${digits(max)} characters`) : null;
}

function first<Each>(list: readonly Each[], check: (each: Each) => Fault | null): Fault | null {
  for (const each of list) {
    const found = check(each);
    if (found !== null) return found;
  }
  return null;
}

function within(path: Fault['path'], found: Fault | null): Fault | null {
  return found === null ? null : fault([...path, ...found.path], found.message);
}

const DESCRIBED: Checks = { type: anything, title, description, default: anything };
const TEXT: Checks = { ...DESCRIBED, minLength: leastLength, maxLength: count, format };
const CHOICE: Checks = { ...DESCRIBED, enum: options, enumNames: titles, oneOf: titledOptions };
const NUMBER: Checks = { ...DESCRIBED, minimum: number, maximum: number };
const BOOLEAN: Checks = DESCRIBED;
const CHOICES: Checks = { ...DESCRIBED, items: anything, minItems: count, maxItems: count };
const ITEMS: Checks = {
  type: (value) => (value === 'string' ? null : fault([], 'must be "string": an answer holds no lists or objects')),
  enum: options,
  anyOf: titledOptions,
};
/** `$schema` and `additionalProperties: false`, which generators write, say what holds anyway. */
const SCHEMA_KEYWORDS: Checks = {
  $schema: (value) => textFault(value, LIMITS.url),
  type: anything,
  title,
  description,
  properties: anything,
  required: anything,
  additionalProperties: (value) => (value === false ? null : fault([], 'must be false, or left out')),
};
