import type * as z from 'zod';

/** Gives what its schema would give; undefined where that is for the schema to say. */
type Shortcut = (value: unknown) => unknown;

const shortcuts = new WeakMap<z.ZodType, Shortcut>();

/** For a schema that the hot path asks: the usual value is checked by hand, at a tenth of the cost. */
export function withShortcut<Schema extends z.ZodType>(
  schema: Schema,
  shortcut: (value: unknown) => z.output<Schema> | undefined,
): Schema {
  shortcuts.set(schema, shortcut);
  return schema;
}

export function byShortcut<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | undefined {
  return shortcuts.get(schema)?.(value) as z.output<Schema> | undefined;
}

/** Neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
