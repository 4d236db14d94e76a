import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Lookup, SettingError } from './readers.ts';

const DEFAULT_FILE = 'belfry.config.json';

/**
 * Settings from the environment and, behind it, from a JSON file with the same names: `BELFRY_CONFIG`, or
 * `belfry.config.json` in this folder where there is one.
 *
 * @throws SettingError for a file that can't be read, or that holds a name that is none.
 */
export function settingsLookup(env: NodeJS.ProcessEnv, known: ReadonlySet<string>): Lookup {
  const file = readConfig(env.BELFRY_CONFIG, known);
  return (name) => env[name] || file.get(name) || undefined;
}

function readConfig(named: string | undefined, known: ReadonlySet<string>): Map<string, string> {
  const path = resolve(named || DEFAULT_FILE);
  if (!named && !existsSync(path)) return new Map();
  const entries = Object.entries(parse(path));
  for (const [name, value] of entries) {
    if (!known.has(name))
      throw new SettingError(`${path} holds ${name}, which is no setting of Belfry. See the README.`);
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new SettingError(`${path}: ${name} must be text or a number.`);
    }
  }
  return new Map(entries.map(([name, value]) => [name, String(value)]));
}

function parse(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new SettingError(`The config file ${path} can't be read: ${reasonOf(error)}`);
  }
  throw new SettingError(`The config file ${path} must hold one JSON object.`);
}

/** Node's own messages repeat the path, and a piece of the text, in which a secret may be. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file.';
  if (code !== undefined) return `${code}.`;
  const [place] = /at position \d+( \(line \d+ column \d+\))?/.exec(message) ?? [''];
  return `it is not JSON${place === '' ? '' : `, ${place}`}.`;
}
