/** An option with the words to show for it. */
export interface TitledOption {
  const: string;
  title: string;
}

interface Described {
  title?: string;
  description?: string;
}

export const STRING_FORMATS = ['email', 'uri', 'date', 'date-time'] as const;

export interface TextField extends Described {
  type: 'string';
  minLength?: number;
  maxLength?: number;
  format?: (typeof STRING_FORMATS)[number];
  default?: string;
}

/** One of several. `enumNames`, the older way to write titles, has as many entries as `enum`. */
export interface ChoiceField extends Described {
  type: 'string';
  enum?: string[];
  enumNames?: string[];
  oneOf?: TitledOption[];
  default?: string;
}

/** Some of several. */
export interface ChoicesField extends Described {
  type: 'array';
  items: { type?: 'string'; enum?: string[]; anyOf?: TitledOption[] };
  minItems?: number;
  maxItems?: number;
  default?: string[];
}

export interface NumberField extends Described {
  type: 'number' | 'integer';
  minimum?: number;
  maximum?: number;
  default?: number;
}

export interface BooleanField extends Described {
  type: 'boolean';
  default?: boolean;
}

export type QuestionField = TextField | ChoiceField | ChoicesField | NumberField | BooleanField;

/** The restricted JSON Schema of MCP elicitation: a flat object, so that any client can make a form of it. */
export interface QuestionSchema extends Described {
  type: 'object';
  properties: { [name: string]: QuestionField };
  required?: string[];
}

/** Where something is wrong, as a path from what was looked at, and what: words that go on after the path. */
export interface Fault {
  path: (string | number)[];
  message: string;
}

export function fault(path: Fault['path'], message: string): Fault {
  return { path, message };
}

/** The options of a field, in order; null where it has none. */
export function optionsOf(field: QuestionField): string[] | null {
  if (field.type === 'array') return listed(field.items.enum, field.items.anyOf);
  return 'enum' in field || 'oneOf' in field ? listed(field.enum, field.oneOf) : null;
}

function listed(plain: string[] | undefined, titled: TitledOption[] | undefined): string[] {
  return plain ?? (titled ?? []).map((option) => option.const);
}
