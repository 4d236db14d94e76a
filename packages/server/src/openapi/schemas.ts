import { made } from '@belfry/protocol/schemas';
import * as z from 'zod';

type Json = Record<string, unknown>;

/** Writes schemas as JSON Schema, and collects those with a name of their own, which others refer to. */
export class Schemas {
  readonly components: Json = {};

  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _,
      id: __,
      $defs = {},
      ...json
    } = z.toJSONSchema(made(schema), { io, unrepresentable: 'any' }) as Json;
    for (const [name, named] of Object.entries($defs as Record<string, Json>)) {
      const { id: ___, ...rest } = named;
      this.components[name] = inComponents(rest);
    }
    return inComponents(json) as Json;
  }
}

const LOCAL = '#/$defs/';

/** A schema's references to its own `$defs`, pointed at the document's components. */
function inComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inComponents);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === '$ref' ? moved(inner) : inComponents(inner),
  ]);
  return Object.fromEntries(entries);
}

function moved(ref: unknown): unknown {
  return typeof ref === 'string' && ref.startsWith(LOCAL) ? `#/components/schemas/${ref.slice(LOCAL.length)}` : ref;
}
