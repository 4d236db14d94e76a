import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { BelfryError } from '@belfry/protocol';
import { reasonOf } from './failures.ts';

/** Files that an address names, by the words that Postgres has for them. */
export interface TlsFiles {
  /** The authority, in place of those that Node knows. */
  sslrootcert?: string;
  /** What is shown to a server that asks for it, and the key to it. */
  sslcert?: string;
  sslkey?: string;
}

export interface TlsOptions {
  ca?: string;
  cert?: string;
  key?: string;
}

const WORDS = { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' } as const;

/** What Node's TLS is given. A file is read whenever its option is taken, so for each connection: certificates are renewed. */
export function tlsOptions(files: TlsFiles): TlsOptions {
  const options: TlsOptions = {};
  for (const [option, word] of Object.entries(WORDS)) {
    const file = files[word];
    if (file === undefined) continue;
    Object.defineProperty(options, option, { enumerable: true, get: () => readFileSync(file, 'utf8') });
  }
  return options;
}

/** @throws BelfryError `invalid` where a file is missing, can't be read, or holds something else. */
export function checkFiles(files: TlsFiles): void {
  if ((files.sslcert === undefined) !== (files.sslkey === undefined)) {
    throw wrong('BELFRY_BUS has only one of sslcert and sslkey. Name the certificate and the key to it.');
  }
  for (const [word, file] of Object.entries(files)) checkFile(word, file);
  try {
    createSecureContext({ ...tlsOptions(files) });
  } catch (error) {
    throw wrong(
      `The files that BELFRY_BUS names as sslcert and sslkey are no certificate and its key in PEM (${reasonOf(error)}). Correct them.`,
    );
  }
}

function checkFile(word: string, file: string): void {
  try {
    readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file here' : `it can't be read (${code})`;
    throw wrong(`BELFRY_BUS names ${file} as ${word}, and ${why}. Correct it.`);
  }
}

function wrong(message: string): BelfryError {
  return new BelfryError('invalid', message, { field: 'BELFRY_BUS' });
}
