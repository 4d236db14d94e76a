import type * as z from 'zod';
import { BelfryError } from '../errors.ts';

/**
 * Checks a value against a schema and gives its normalized form, or throws `invalid` with the first thing that is
 * wrong: the field as a path (`notifications.3.title`), and the mend in words.
 *
 * @param at the path of `value` itself; the default is the whole body.
 */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, at = ''): z.output<Schema> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { path, message } = firstIssue(parsed.error.issues[0] as z.core.$ZodIssue, at === '' ? [] : [at]);
  const field = path.join('.');
  throw new BelfryError('invalid', field === '' ? `The body ${message}.` : `${field} ${message}.`, {
    field: field === '' ? 'body' : field,
  });
}

interface Found {
  path: PropertyKey[];
  message: string;
}

function firstIssue(issue: z.core.$ZodIssue, parents: PropertyKey[]): Found {
  const path = [...parents, ...issue.path].map(String);
  switch (issue.code) {
    case 'unrecognized_keys':
      return {
        path: [...path, String(issue.keys[0])],
        message: 'is not a field here: check its spelling, or leave it out',
      };
    case 'invalid_union': {
      const deepest = issue.errors
        .map((errors) => errors[0])
        .filter((one) => one !== undefined)
        .sort((a, b) => b.path.length - a.path.length)[0];
      return deepest === undefined ? { path, message: 'is not valid' } : firstIssue(deepest, path);
    }
    case 'invalid_type':
      return { path, message: issue.input === undefined ? 'is missing' : trimmed(issue.message, issue.expected) };
    default:
      return { path, message: issue.message };
  }
}

function trimmed(message: string, expected: string): string {
  return /^(must|is) /.test(message) ? message : `must be ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}
