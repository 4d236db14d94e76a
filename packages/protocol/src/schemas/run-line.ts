import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { utf8Length } from './data.ts';
import { digits } from './digits.ts';
import { later } from './later.ts';

/**
 * The text of a line, cleaned: colours of a terminal and the break at its end are taken out, any other control character
 * but tab becomes U+FFFD. A line is shown in terminals and pages of others, where such characters move cursors and hide
 * text; and to refuse a whole batch for one would lose the report of a job.
 */
export const logLine = later(() =>
  z
    .string({ error: 'must be text' })
    .refine((text) => utf8Length(text.replace(BREAK, '')) <= LIMITS.lineBytes, {
      error: `is too large: at most ${digits(LIMITS.lineBytes)} bytes`,
    })
    .transform(cleaned),
);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const COLOUR = /\u001b\[[\d;]*m/g;
const BREAK = /\r?\n$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g;

function cleaned(text: string): string {
  return text.replace(COLOUR, '').replace(BREAK, '').replace(CONTROL, '\ufffd').toWellFormed();
}
