import { BelfryError } from '@belfry/protocol';
import { isLost, stateOf, translated } from './failures.ts';
import { grantsFor } from './grants.ts';

/** Which database it is, for people: never with the password. */
interface Place {
  server: string;
  database: string;
  account: string;
}

/** What keeps an address from being read as it was meant. */
const SIGNS = 'In its password, signs such as # / ? % @ must be percent-encoded: %23 %2F %3F %25 %40.';

type Sentence = (place: Place) => string;

const BY_STATE: Record<string, Sentence> = {
  '28P01': ({ server, account }) =>
    `The server ${server} refused the password of ${account}. Check user and password in DATABASE_URL. ${SIGNS}`,
  '28000': ({ server, account, database }) =>
    `The server ${server} does not let ${account} into ${database}. Check DATABASE_URL, and the server's pg_hba.conf.`,
  '3D000': ({ server, database }) =>
    `The server ${server} has no database ${database}. Make it (createdb ${database}), or correct DATABASE_URL.`,
  '42501': ({ account, database }) =>
    `The account ${account} may not use the schema belfry in ${database}. As its owner, run: ${grantsFor(account)}`,
  '55P03': ({ database }) =>
    `Another Belfry has been bringing the tables of ${database} up to date for minutes. Look whether it hangs.`,
};

/** Why the database can't be used at start, with the mend. */
export function notOpened(url: string, error: unknown): BelfryError {
  if (error instanceof BelfryError) return error;
  const place = placeOf(url);
  if (place === null) {
    const form = 'Write it as postgres://user:password@host:5432/database.';
    return refused(`DATABASE_URL is no address. ${form} ${SIGNS}`, error);
  }
  if (/no encryption/.test(String((error as Error).message)) && stateOf(error) === '28000') {
    return refused(
      `The server ${place.server} takes encrypted connections only. Add ?sslmode=verify-full to DATABASE_URL.`,
      error,
    );
  }
  if (/client certificate/.test(String((error as Error).message)) && stateOf(error) === '28000') {
    return refused(
      `The server ${place.server} asks for a certificate of the client. Name one in DATABASE_URL, by sslcert=/path/cert.pem and sslkey=/path/key.pem.`,
      error,
    );
  }
  const sentence = BY_STATE[stateOf(error) ?? ''];
  if (sentence) return refused(sentence(place), error);
  if (/password must be a string/i.test(String((error as Error).message))) {
    return refused(`The server ${place.server} asks for a password. Put it into DATABASE_URL.`, error);
  }
  const encryption = encryptionMistake(place, error as Error & { code?: string; path?: string });
  if (encryption !== null) return refused(encryption, error);
  if (stateOf(error) === undefined && isLost(error)) {
    return refused(`No Postgres answers at ${place.server}. Start it, or correct DATABASE_URL.`, error);
  }
  return translated(error);
}

/** Null where it is not about that. */
function encryptionMistake({ server }: Place, { message, code, path }: Error & { code?: string; path?: string }) {
  if (code === 'ENOENT' && path !== undefined) {
    return `DATABASE_URL names ${path}, and there is no such file here. Correct sslrootcert, sslcert or sslkey in it.`;
  }
  return /SSL|certificate|self.signed/i.test(message)
    ? `No encrypted connection to ${server}: ${message.replace(/\.$/, '')}. Check sslmode in DATABASE_URL: ` +
        'verify-full checks the certificate (require too; name the file of an authority of your own by ' +
        'sslrootcert=/path/ca.pem), no-verify only encrypts, disable does neither.'
    : null;
}

function placeOf(text: string): Place | null {
  try {
    const url = new URL(text);
    if (!['postgres:', 'postgresql:'].includes(url.protocol) || isCutShort(url)) return null;
    return {
      server: url.host || url.searchParams.get('host') || 'localhost',
      database: decodeURIComponent(url.pathname.slice(1)) || 'of the same name as the account',
      account: decodeURIComponent(url.username) || 'of this process',
    };
  } catch {
    return null;
  }
}

/** A password with a / in it: it would stand in our messages as a port and a database. */
function isCutShort({ username, pathname, search, hash }: URL): boolean {
  return username === '' && `${pathname}${search}${hash}`.includes('@');
}

function refused(message: string, cause: unknown): BelfryError {
  return new BelfryError('unavailable', message, { cause });
}
