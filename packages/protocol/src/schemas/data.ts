import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import type { Json } from '../notification.ts';
import { digits } from './digits.ts';

const TOO_LARGE = `is too large: at most ${digits(LIMITS.dataBytes)} bytes of JSON`;
const TOO_DEEP = `is nested too deep: at most ${LIMITS.dataDepth} levels`;

/** Any JSON up to 16 KB of UTF-8, passed on as it is. */
export function data() {
  return z
    .unknown()
    .refine((value) => wrongWith(value) === null, { error: ({ input }) => wrongWith(input) ?? '' }) as z.ZodType<Json>;
}

/**
 * Without recursion, here or in the schema library: a request of 1 MB can nest half a million levels, and whoever
 * follows them by calls, `JSON.stringify` included, runs out of stack.
 */
function wrongWith(value: unknown): string | null {
  if (value === undefined) return 'is missing';
  let level: unknown[] = [value];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    seen += level.length;
    if (seen > LIMITS.dataBytes) return TOO_LARGE;
    if (depth > LIMITS.dataDepth) return TOO_DEEP;
    if (!level.every(isJson)) return 'must be JSON';
    level = level.flatMap(inside);
  }
  return utf8Length(JSON.stringify(value)) <= LIMITS.dataBytes ? null : TOO_LARGE;
}

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  if (value === null || Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function inside(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** Bytes of UTF-8, without making them: this package has no TextEncoder, as it knows no platform. */
export function utf8Length(value: string): number {
  let bytes = value.length;
  for (let at = 0; at < value.length; at += 1) {
    const unit = value.charCodeAt(at);
    if (unit > 0x7ff) bytes += unit >= 0xd800 && unit <= 0xdfff ? 1 : 2;
    else if (unit > 0x7f) bytes += 1;
  }
  return bytes;
}
