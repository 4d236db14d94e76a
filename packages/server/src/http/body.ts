import { isAscii, isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { BelfryError, invalid } from '@belfry/protocol';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { type BodyBudget, UNFINISHED_BODIES } from './body-budget.ts';
import { BodyInParts, brokenOff, tooLarge } from './body-in-parts.ts';
import { readIncoming } from './incoming-body.ts';

/**
 * The body's bytes. Behind Node's own server the request is read as it is; elsewhere through its web stream.
 *
 * @throws BelfryError `too_large`, without reading further than the limit; `unavailable` where bodies that are being
 * read fill their share of the memory; `invalid` where the client left before its end.
 */
export async function readBody(c: Context, limit: number, budget: BodyBudget = UNFINISHED_BODIES): Promise<Buffer> {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  if (incoming !== undefined) return readIncoming(incoming as IncomingMessage, limit, budget);
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge(limit);
  const body = new BodyInParts(limit, budget);
  try {
    for await (const piece of (c.req.raw.body as AsyncIterable<Uint8Array> | null) ?? []) body.add(piece);
    return body.whole();
  } catch (error) {
    throw error instanceof BelfryError ? error : brokenOff(error);
  } finally {
    body.release();
  }
}

/**
 * What unpacks would be bounded by nothing that a request is bounded by.
 *
 * @throws BelfryError `unsupported` for a body that is compressed.
 */
export function requirePlain(encoding: string | null): void {
  if (encoding === null || /^\s*(identity\s*)?$/i.test(encoding)) return;
  const message = 'Belfry takes no compressed bodies. Send the JSON as it is, without a Content-Encoding header.';
  throw new BelfryError('unsupported', message, { field: 'Content-Encoding' });
}

/**
 * The JSON in a body; undefined for an empty one. Text that some engine could not keep (NUL, lone surrogates) becomes
 * U+FFFD here, so that what is answered is what is stored and delivered.
 *
 * @throws BelfryError `invalid` for bytes that are not UTF-8 and for text that is not JSON.
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw invalid('body', 'The body is not valid UTF-8.');
  try {
    return JSON.parse(cleaned(textOf(bytes)));
  } catch {
    throw invalid('body', 'The body is not valid JSON.');
  }
}

/** ASCII is read at less than half the cost. */
function textOf(utf8: Buffer): string {
  return utf8.toString(isAscii(utf8) ? 'latin1' : 'utf8');
}

/** An escaped pair of surrogates, any other `\uXXXX`, or an escape of one character. */
const ESCAPE = /\\u(d[89ab][\da-f]{2})\\ud[c-f][\da-f]{2}|\\(?:u([\da-f]{4})|[\s\S])/gi;

/**
 * In valid UTF-8 only an escape can stand for NUL or a lone surrogate. The text is cleaned and not the value, which may
 * be nested deeper than any walk through it could follow.
 */
function cleaned(json: string): string {
  if (!json.includes('\\u')) return json;
  return json.replace(ESCAPE, (found, pair: string | undefined, unit: string | undefined) =>
    pair === undefined && unit !== undefined && /^(0000|d[89a-f])/i.test(unit) ? '\\ufffd' : found,
  );
}
