import * as z from 'zod';
import { quote } from '../channel.ts';
import { LIMITS } from '../limits.ts';
import { digits } from './digits.ts';
import { later } from './later.ts';

const TIME = 'must be a time such as 2030-01-31T12:00:00Z';
const webAddress = later(() => z.url({ protocol: /^https?$/ }));

/** Text with something in it. Lengths count UTF-16 units, as `String.length` does. */
export function text(max: number) {
  return z
    .string({ error: 'must be text' })
    .min(1, 'must not be empty')
    .max(max, `is too long: at most ${digits(max)} characters`);
}

/** Text that things are found by. An engine may be unable to look for a NUL, so none may stand in it. */
export function key(max: number) {
  return text(max).refine((value) => !value.includes('\0'), 'must not hold U+0000');
}

/** Text that may be absent; null is the same as leaving it out. */
export function optionalText(max: number) {
  return z
    .string({ error: 'must be text' })
    .max(max, `is too long: at most ${digits(max)} characters`)
    .nullish();
}

/** May be left out, and null is the same as leaving it out. */
export function absentOr<Schema extends z.ZodType>(schema: Schema) {
  return schema
    .nullable()
    .transform((value) => value ?? undefined)
    .optional();
}

/**
 * A link a reader may follow: http(s), or a path in the app itself. `//host` and `/\host` lead elsewhere in browsers
 * and so does a tab or line break inside (WHATWG URL strips them), so none of these is a path.
 */
export function link() {
  return z
    .string({ error: 'must be text' })
    .max(LIMITS.url, `is too long: at most ${LIMITS.url} characters`)
    .refine(isSafeLink, 'must be an http(s) address, or a path that starts with one /');
}

export function isSafeLink(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a URL parser drops these, and what is left may be another link
  if (/[\u0000-\u0020\u007f\\]/.test(value)) return false;
  if (value.startsWith('/')) return !value.startsWith('//');
  return /^https?:\/\//i.test(value) && webAddress.safeParse(value).success;
}

const PICTURE = String.raw`\p{Extended_Pictographic}|\p{Regional_Indicator}`;
const ICON = String.raw`^(?:[A-Za-z0-9]|${PICTURE})(?:[\w .:-]|${PICTURE}|\p{Emoji_Modifier}|\u200d|\u20e3|\ufe0f){0,63}$`;
const SCHEME = /^(about|blob|data|file|filesystem|https?|javascript|vbscript|view-source):/i;

/** A name from the app's own set, as `bell` or `mdi:bell`, an emoji, or a link to a picture. */
export function icon() {
  return z
    .string({ error: 'must be text' })
    .max(LIMITS.url, `is too long: at most ${LIMITS.url} characters`)
    .refine(
      isIcon,
      'must be a name such as bell (at most 64 letters, digits and . _ : -), an emoji, an http(s) address, or a path that starts with one /',
    );
}

let made: RegExp | undefined;

/** Made when it is first wanted: the properties of Unicode that it asks for are tables to be loaded. */
function iconName(): RegExp {
  made ??= new RegExp(ICON, 'u');
  return made;
}

function isIcon(value: string): boolean {
  return isSafeLink(value) || (iconName().test(value) && !SCHEME.test(value));
}

/**
 * RFC 3339 with an offset, as a time in the future is for the store to judge. Normalized to UTC with milliseconds, and
 * to four-digit years: times are compared as text.
 */
export function time() {
  return z.iso
    .datetime({ offset: true, error: TIME })
    .transform((value) => new Date(value).toISOString())
    .refine((value) => /^\d{4}-/.test(value) && value >= '0001', TIME);
}

/** The words for something that is not one of a few. */
export function oneOf(values: readonly string[]): string {
  return `must be one of ${values.map(quote).join(', ')}`;
}
