import { BelfryError } from '@belfry/protocol';
import type { JwtSettings } from './jwt.ts';

export interface AuthSettings {
  jwt?: JwtSettings;
  /** A key with every scope in every tenant, at least 24 characters. */
  apiKey?: string;
}

const SECRET_BYTES = 32;
const KEY_CHARACTERS = 24;

/**
 * What can be guessed, or can never fit, is refused when a server is made. No message repeats a value.
 *
 * @throws BelfryError `invalid`, naming the option.
 */
export function checkAuthSettings({ jwt: { secret, jwksUrl } = {}, apiKey }: AuthSettings): void {
  if (secret !== undefined && Buffer.byteLength(secret) < SECRET_BYTES) {
    throw refused('auth.jwt.secret', `is too short: it needs at least ${SECRET_BYTES} bytes`);
  }
  if (jwksUrl !== undefined && !(/^https?:\/\//i.test(jwksUrl) && URL.canParse(jwksUrl))) {
    throw refused('auth.jwt.jwksUrl', 'must be an http(s) address');
  }
  if (apiKey === undefined) return;
  if (apiKey.length < KEY_CHARACTERS) {
    throw refused('auth.apiKey', `is too short: it needs at least ${KEY_CHARACTERS} characters`);
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw refused(
      'auth.apiKey',
      'may hold letters, digits and signs of ASCII only, and no spaces: it goes in a header',
    );
  }
}

function refused(field: string, why: string): BelfryError {
  return new BelfryError('invalid', `${field} ${why}.`, { field });
}
