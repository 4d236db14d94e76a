import { parseArgs } from 'node:util';
import type { ArgsDef, SubCommandsDef } from 'citty';
import { UsageError } from './terminal.ts';

/**
 * citty passes over options it does not know, options without their value, and words that are too many. A typing error
 * should not do something else in silence.
 *
 * @throws UsageError at the first that won't do.
 */
export async function checkOptions(
  command: Extract<SubCommandsDef[string], { run?: unknown }>,
  rawArgs: readonly string[],
): Promise<void> {
  const known: ArgsDef = (typeof command.args === 'function' ? await command.args() : await command.args) ?? {};
  const { tokens, values } = parsed(known, rawArgs);
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  for (const token of tokens) if (token.kind === 'option') checkOption(known, token);
  checkRepeats(known, tokens);
  checkWords(known, words);
  for (const [name, { type, required }] of Object.entries(known)) {
    if (type === 'positional' || required !== true || values[name] !== undefined) continue;
    throw new UsageError(`--${name} is missing. See --help.`);
  }
}

function parsed(known: ArgsDef, rawArgs: readonly string[]) {
  const options = Object.entries(known).filter(([, { type }]) => type !== 'positional');
  return parseArgs({
    args: [...rawArgs],
    options: Object.fromEntries(options.map(([name, { type }]) => [name, { type: typeOf(type) }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
}

function typeOf(type: string | undefined): 'string' | 'boolean' {
  return type === 'boolean' ? 'boolean' : 'string';
}

interface OptionToken {
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function checkOption(known: ArgsDef, { name, rawName, value, inlineValue }: OptionToken): void {
  const option = Object.hasOwn(known, name) ? known[name] : undefined;
  if (option === undefined || option.type === 'positional' || !rawName.startsWith('--')) {
    throw new UsageError(`There is no option ${rawName} here. See --help.`);
  }
  if (typeOf(option.type) === 'boolean') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value.`);
  } else if (value === undefined || value === '' || (inlineValue !== true && value.startsWith('--'))) {
    throw new UsageError(`${rawName} needs a value: ${rawName}=<value>.`);
  }
}

/** Of an option given twice citty keeps the last value, and a notification for two people would reach one. */
function checkRepeats(known: ArgsDef, tokens: readonly { kind: string; name?: string }[]): void {
  const names = tokens.flatMap(({ kind, name }) => (kind === 'option' && name !== undefined ? [name] : []));
  const twice = names.find((name, at) => names.indexOf(name) < at && typeOf(known[name]?.type) === 'string');
  if (twice === undefined) return;
  const isList = known[twice]?.description?.includes('comma list') === true;
  throw new UsageError(
    `--${twice} is given twice. Give it once${isList ? `, with a comma list: --${twice}=a,b` : ''}.`,
  );
}

function checkWords(known: ArgsDef, words: readonly string[]): void {
  const wanted = Object.entries(known).filter(([, { type }]) => type === 'positional');
  const missing = wanted.find(([, { required }], at) => required === true && words[at] === undefined);
  if (missing !== undefined) throw new UsageError(`<${missing[0]}> is missing. See --help.`);
  const extra = words[wanted.length];
  if (extra !== undefined) {
    throw new UsageError(`${JSON.stringify(extra)} is one word too many. Put text with spaces in quotes.`);
  }
}
