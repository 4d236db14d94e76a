import type { Json, QuestionField, QuestionSchema } from '@belfry/client';
import { optionsOf } from '@belfry/protocol';

/** What stands in a control: text, what is ticked, or `UNREADABLE` where the browser can make nothing of it. */
export type Entry = string | boolean | readonly string[] | typeof UNREADABLE;

/** Of half a date, or letters in a number. */
export const UNREADABLE = Symbol('unreadable');

export type Draft = Record<string, Entry>;

/** A form that nobody has touched. */
export function draftOf({ properties }: QuestionSchema): Draft {
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, entryOf(field)]));
}

function entryOf(field: QuestionField): Entry {
  if (field.type === 'boolean') return field.default ?? false;
  if (field.type === 'array') return field.default ?? [];
  const text = field.default === undefined ? '' : String(field.default);
  return isTime(field) && text !== '' ? localTime(text) : text;
}

/** What is sent: what was left empty is left out. */
export function contentOf({ properties }: QuestionSchema, draft: Draft): Record<string, Json> {
  const given = Object.entries(properties).map(([name, field]) => [name, jsonOf(field, draft[name] ?? '')] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, Json] => pair[1] !== undefined));
}

function jsonOf(field: QuestionField, entry: Entry): Json | undefined {
  // No field takes it for what it is asked for.
  if (entry === UNREADABLE) return field.type === 'string' ? '?' : Number.NaN;
  if (typeof entry === 'object') return entry.length === 0 && field.type === 'array' ? undefined : [...entry];
  if (typeof entry === 'boolean') return entry;
  if (entry === '') return undefined;
  if (field.type === 'number' || field.type === 'integer') return Number(entry);
  return isTime(field) ? inUtc(entry) : entry;
}

function isTime(field: QuestionField): boolean {
  return field.type === 'string' && optionsOf(field) === null && 'format' in field && field.format === 'date-time';
}

/** Of the reader's clock, which is what an input of a time shows. */
function localTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function inUtc(local: string): string {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? local : time.toISOString();
}
