import { type Fault, fault, type STRING_FORMATS } from './question-schema.ts';

type Format = (typeof STRING_FORMATS)[number];

/** Longer addresses are none, and no check has to look at more. */
const MAX = 2_000;

/** Without nested or overlapping repeats, so that none can be made to backtrack. */
const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/;
/** Whoever asked may make a link of it: not one that runs something in their page, or opens what is theirs. */
const URI =
  /^(?!(?:about|blob|data|file|filesystem|javascript|vbscript|view-source):)[a-z][a-z\d+.-]*:[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(?:\.\d{1,9})?(?:[Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const IS: Record<Format, { test: (text: string) => boolean; mend: string }> = {
  email: { test: (text) => EMAIL.test(text), mend: 'must be an e-mail address such as ada@example.org' },
  uri: { test: (text) => URI.test(text), mend: 'must be an address such as https://example.org/' },
  date: { test: isDate, mend: 'must be a date such as 2030-01-31' },
  'date-time': {
    test: (text) => isDate(DATE_TIME.exec(text)?.[1] ?? ''),
    mend: 'must be a time such as 2030-01-31T12:00:00Z',
  },
};

export function formatFault(format: Format, text: string): Fault | null {
  const { test, mend } = IS[format];
  return text.length <= MAX && test(text) ? null : fault([], mend);
}

/** One that is in the calendar. */
function isDate(text: string): boolean {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}
