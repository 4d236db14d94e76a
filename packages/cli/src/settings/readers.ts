/** A setting that won't do: one sentence that names it and says what to do. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** Gives the text of a setting, or undefined where it is absent or empty. */
export type Lookup = (name: string) => string | undefined;

export function text(lookup: Lookup, name: string, fallback: string): string {
  return lookup(name) ?? fallback;
}

export function wholeNumber(lookup: Lookup, name: string, fallback: number, min: number, max: number): number {
  const given = lookup(name);
  if (given === undefined) return fallback;
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= min && value <= max) return value;
  throw new SettingError(`${name} must be a whole number from ${min} to ${max}; it is ${shown(given)}.`);
}

export function oneOf<Value extends string>(
  lookup: Lookup,
  name: string,
  fallback: Value,
  values: readonly Value[],
): Value {
  const given = lookup(name) ?? fallback;
  const value = values.find((one) => one === given);
  if (value !== undefined) return value;
  throw new SettingError(`${name} must be one of ${values.join(', ')}; it is ${shown(given)}.`);
}

export function webAddress(lookup: Lookup, name: string): string | undefined {
  const given = lookup(name);
  if (given === undefined || (/^https?:\/\//.test(given) && URL.canParse(given))) return given;
  throw new SettingError(`${name} must be an http(s) address; it is ${shown(given)}.`);
}

/**
 * The address of a service, by one of these schemes; or one of these words in place of it. It may hold a password, so
 * nothing of it is repeated.
 */
export function serviceAddress(
  lookup: Lookup,
  name: string,
  schemes: readonly string[],
  words: readonly string[] = [],
): string | undefined {
  const given = lookup(name);
  if (given === undefined || words.includes(given)) return given;
  const scheme = /^([a-z]+):\/\//.exec(given)?.[1];
  const forms = `an address such as ${schemes.map((one) => `${one}://…`).join(', ')}`;
  const must = `${name} must be ${words.length > 0 ? `${words.join(', ')}, or ${forms}` : forms}`;
  if (scheme === undefined) throw new SettingError(`${must}; it is none.`);
  if (!schemes.includes(scheme)) throw new SettingError(`${must}; ${shown(`${scheme}://…`)} is none.`);
  if (isWhole(given)) return given;
  throw new SettingError(
    `${name} can't be read. In its password, signs such as # / ? % @ must be percent-encoded: %23 %2F %3F %25 %40.`,
  );
}

/** A password with a / in it, unencoded, ends what names the server: what follows would pass for a path. */
function isWhole(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password, pathname, search, hash } = new URL(address);
  const isCutShort = username + password === '' && `${pathname}${search}${hash}`.includes('@');
  return !isCutShort && isEncoded(password);
}

function isEncoded(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text);
}

/** Long enough to be a secret. The value is not repeated in the message. */
export function secret(lookup: Lookup, name: string, minBytes: number): string | undefined {
  const given = lookup(name);
  if (given === undefined || Buffer.byteLength(given) >= minBytes) return given;
  throw new SettingError(
    `${name} is too short: it needs at least ${minBytes} bytes, and has ${Buffer.byteLength(given)}. Make one: openssl rand -base64 ${minBytes}`,
  );
}

/** A secret that travels as `Authorization: Bearer`. */
export function bearerSecret(lookup: Lookup, name: string, minBytes: number): string | undefined {
  const given = secret(lookup, name, minBytes);
  if (given === undefined || /^[\x21-\x7e]+$/.test(given)) return given;
  throw new SettingError(
    `${name} may hold letters, digits and signs of ASCII only, and no spaces: it goes in a header.`,
  );
}

export function origins(lookup: Lookup, name: string): string[] {
  const given = (lookup(name) ?? '').split(',').map((origin) => origin.trim().replace(/\/$/, ''));
  const list = given.filter((origin) => origin !== '');
  for (const origin of list) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw new SettingError(
      `${name} must be a comma list of origins such as https://app.example, without a path; ${shown(origin)} is none.`,
    );
  }
  return list;
}

function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
