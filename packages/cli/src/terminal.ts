import { BelfryError } from '@belfry/protocol';
import { SettingError } from './settings/readers.ts';

/** What a person at a terminal gets: results on stdout, everything else on stderr. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Where what reads our lines has gone (`belfry tail | head -1`), there is nobody to write for any more. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

/** Wrong use of a command: what is wrong, and the mend. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Says what went wrong in one line. Only what nobody foresaw comes with a stack. */
export function explain(error: unknown): void {
  if (isForeseen(error)) note(`belfry: ${inWords(error)}`);
  else note(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** An error's sentence. Where nobody answered, what a person at a terminal would look at first is said too. */
export function inWords(error: Error): string {
  const isSilent = error instanceof BelfryError && error.code === 'unavailable' && error.status === 0;
  return isSilent ? `${error.message} Is belfry serve running?` : error.message;
}

function isForeseen(error: unknown): error is Error {
  return error instanceof UsageError || error instanceof SettingError || error instanceof BelfryError;
}
