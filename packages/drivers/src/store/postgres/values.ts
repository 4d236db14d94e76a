export type Value = string | number | boolean | null | Buffer;

/**
 * The driver would write objects as JSON, and dates by the machine's time zone.
 *
 * @throws TypeError
 */
export function checked(value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof Buffer) return value;
  throw new TypeError('This is no value for the database.');
}
