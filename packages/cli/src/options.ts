import type { ArgDef, ArgsDef, SubCommandsDef } from 'citty';
import { UsageError } from './terminal.ts';

/** citty passes over options it does not know. A typing error should not do something else in silence. */
export async function checkOptions(
  command: Extract<SubCommandsDef[string], { run?: unknown }>,
  rawArgs: readonly string[],
): Promise<void> {
  const known = (typeof command.args === 'function' ? await command.args() : await command.args) ?? {};
  const end = rawArgs.indexOf('--');
  for (const arg of end < 0 ? rawArgs : rawArgs.slice(0, end)) {
    if (!arg.startsWith('--')) continue;
    const name = arg.slice(2).split('=')[0] as string;
    if (!isKnown(known, name)) throw new UsageError(`There is no option --${name} here. See --help.`);
  }
  for (const [name, { type, required }] of Object.entries<ArgDef>(known)) {
    if (required === true && !isGiven(name, type, rawArgs)) throw new UsageError(missing(name, type));
  }
}

function isKnown(known: ArgsDef, name: string): boolean {
  const plain = name.startsWith('no-') ? name.slice(3) : name;
  return [name, plain].some((one) => Object.hasOwn(known, one) && known[one]?.type !== 'positional');
}

function isGiven(name: string, type: string | undefined, rawArgs: readonly string[]): boolean {
  if (type === 'positional') return rawArgs.some((arg) => !arg.startsWith('-'));
  return rawArgs.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
}

function missing(name: string, type: string | undefined): string {
  return type === 'positional' ? `<${name}> is missing. See --help.` : `--${name} is missing. See --help.`;
}
