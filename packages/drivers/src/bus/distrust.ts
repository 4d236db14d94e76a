import { BelfryError } from '@belfry/protocol';
import { reasonOf } from './failures.ts';

/** What Node says of a certificate that no authority it knows has signed. */
const UNKNOWN = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What a server says that asks for a certificate of the client. Codes differ between versions of OpenSSL; these words do not. */
const ASKED_FOR =
  /alert (certificate (required|expired|unknown|revoked)|bad certificate|unsupported certificate|unknown ca)/;
/** With TLS 1.2 the same, as a rule; but also where the two have no cipher in common. */
const BROKEN_OFF = /alert handshake failure/;

/** Where it is the certificate that keeps the bus from an engine, what to do about it; else null. */
export function distrusted(engine: string, shown: string, setting: string, error: unknown): BelfryError | null {
  const { code = '' } = (error ?? {}) as { code?: string };
  if (ASKED_FOR.test(reasonOf(error))) return unproven(engine, shown, setting);
  if (BROKEN_OFF.test(reasonOf(error))) return brokenOff(engine, shown, setting);
  const mend = mendFor(code, setting);
  if (mend === null) return null;
  return new BelfryError('invalid', `${engine} at ${shown} shows a certificate that ${mend} (${reasonOf(error)}).`, {
    field: setting,
  });
}

/** We show no certificate to a server that asks for one, or none that it trusts. */
function unproven(engine: string, shown: string, setting: string): BelfryError {
  return new BelfryError(
    'invalid',
    `${engine} at ${shown} asks for a certificate of the client that it trusts. Name one in ${setting}, with ?sslcert=/path/cert.pem&sslkey=/path/key.pem at its end.`,
    { field: setting },
  );
}

function brokenOff(engine: string, shown: string, setting: string): BelfryError {
  return new BelfryError(
    'invalid',
    `${engine} at ${shown} broke off the TLS handshake. If it asks for a certificate of the client, name one that it trusts in ${setting}, with ?sslcert=/path/cert.pem&sslkey=/path/key.pem at its end; else its own log says what it found wrong.`,
    { field: setting },
  );
}

function mendFor(code: string, setting: string): string | null {
  if (UNKNOWN.has(code)) {
    return `no authority known here has signed. If it is the right one, name a file with its authority's certificate in NODE_EXTRA_CA_CERTS, or as sslrootcert in ${setting}; else correct ${setting}`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `is for another name. Write the host in ${setting} as the certificate has it`;
  }
  return code === 'CERT_HAS_EXPIRED' ? `has expired. Renew it there, or correct ${setting}` : null;
}
