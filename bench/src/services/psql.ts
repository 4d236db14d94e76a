import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { postgresTool } from './programs.ts';

const run = promisify(execFile);

/** Rows as arrays of text. Each call has a connection of its own; no text in an answer may hold a tab. */
export async function psql(url: string, statement: string): Promise<string[][]> {
  const settings = ['--no-psqlrc', '--no-align', '--tuples-only', '--field-separator=\t', '--set=ON_ERROR_STOP=1'];
  const { stdout } = await run(postgresTool('psql'), [...settings, '--command', statement, url]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split('\t'));
}
