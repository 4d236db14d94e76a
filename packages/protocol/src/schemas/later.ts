import type * as z from 'zod';

const makers = new WeakMap<z.ZodType, () => z.ZodType>();

/**
 * A schema that is made when it is first used. To make all of them takes a tenth of a server's start, and many are never
 * asked. Inside of other schemas it must stand as `made` gives it: Zod knows a schema, and its name, by its identity.
 */
export function later<Schema extends z.ZodType>(make: () => Schema): Schema {
  let schema: Schema | undefined;
  const get = () => {
    schema ??= make();
    return schema;
  };
  const standIn = new Proxy({} as Schema, {
    get: (_, name) => Reflect.get(get(), name),
    has: (_, name) => Reflect.has(get(), name),
    getPrototypeOf: () => Reflect.getPrototypeOf(get()),
  });
  makers.set(standIn, get);
  return standIn;
}

/** The schema itself, of one that is made later; any other as it is. */
export function made<Schema extends z.ZodType>(schema: Schema): Schema {
  return (makers.get(schema)?.() as Schema | undefined) ?? schema;
}
