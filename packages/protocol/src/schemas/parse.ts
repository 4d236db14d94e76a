import type * as z from 'zod';
import { BelfryError } from '../errors.ts';
import { made } from './later.ts';
import { byShortcut } from './shortcuts.ts';

/**
 * Checks a value against a schema and gives its normalized form, or throws `invalid` with the first thing that is
 * wrong: the field as a path (`notifications.3.title`), and the mend in words.
 *
 * @param at the path of `value` itself; the default is the whole body.
 */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, at = ''): z.output<Schema> {
  const short = byShortcut(schema, value);
  if (short !== undefined) return short;
  const parsed = made(schema).safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { path, message } = firstIssue(worstOf(parsed.error.issues), at === '' ? [] : [at]);
  const field = path.join('.');
  throw new BelfryError('invalid', field === '' ? `The body ${message}.` : `${field} ${message}.`, {
    field: field === '' ? 'body' : field,
  });
}

/** A name that is not known is likeliest the one that is missing, misspelt. */
function worstOf(issues: z.core.$ZodIssue[]): z.core.$ZodIssue {
  return (issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]) as z.core.$ZodIssue;
}

interface Found {
  path: PropertyKey[];
  message: string;
}

function firstIssue(issue: z.core.$ZodIssue, parents: PropertyKey[]): Found {
  const path = [...parents, ...issue.path].map(String);
  if (issue.code === 'unrecognized_keys') {
    const message = 'is not a field here: check its spelling, or leave it out';
    return { path: [...path, String(issue.keys[0])], message };
  }
  const meant = issue.code === 'invalid_union' ? meantBranch(issue) : undefined;
  if (meant !== undefined) return firstIssue(meant, path);
  if (issue.input === undefined) return { path, message: 'is missing' };
  return { path, message: issue.code === 'invalid_type' ? trimmed(issue.message, issue.expected) : issue.message };
}

/** What is wrong with the one of several kinds that the value is of; undefined where it is of none. */
function meantBranch({ errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue | undefined {
  const firsts = errors.map(([first]) => first).filter((first) => first !== undefined);
  return firsts.find(({ code, path }) => code !== 'invalid_type' || path.length > 0);
}

function trimmed(message: string, expected: string): string {
  return /^(must|is) /.test(message) ? message : `must be ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}
