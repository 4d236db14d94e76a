import { LIMITS } from '../limits.ts';
import { utf8Length } from './data.ts';
import { isObject } from './shortcuts.ts';

/** A line that is to be kept as it came. */
interface PlainLine {
  text: string;
  level?: string;
  time?: string;
}

/** Nothing but lines in which nothing is to be cleaned. Undefined for every other: the schema says what it is. */
export function plainLines(value: unknown): { lines: PlainLine[] } | undefined {
  if (!isObject(value)) return undefined;
  for (const name in value) if (name !== 'lines') return undefined;
  const { lines } = value;
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > LIMITS.lines) return undefined;
  return lines.every(isPlainLine) ? { lines } : undefined;
}

function isPlainLine(value: unknown): value is PlainLine {
  if (!isObject(value)) return false;
  let hasText = false;
  for (const name in value) {
    const field = value[name];
    if (typeof field !== 'string' || CHECKS[name]?.(field) !== true) return false;
    if (name === 'text') hasText = true;
  }
  return hasText;
}

/** What `logLine` takes out or replaces, but for lone surrogates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNCLEAN = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/;
const LEVEL = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** As `toISOString` writes it: another spelling of the same moment would be written anew. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

// Without a prototype: a field may be called as one of its methods.
const CHECKS: Record<string, (value: string) => boolean> = Object.assign(Object.create(null), {
  text: (value: string) => !UNCLEAN.test(value) && value.isWellFormed() && fits(value),
  level: (value: string) => value.length <= LIMITS.level && LEVEL.test(value),
  time: (value: string) => TIME.test(value) && value >= '0001' && isReal(value),
});

/** A UTF-16 unit is at most three bytes of UTF-8: most lines need not be measured. */
function fits(line: string): boolean {
  return 3 * line.length <= LIMITS.lineBytes || utf8Length(line) <= LIMITS.lineBytes;
}

/** No 30th of February. */
function isReal(time: string): boolean {
  const date = new Date(time);
  return !Number.isNaN(date.getTime()) && date.toISOString() === time;
}
