/** Postgres's own numbers for types. */
const INT8 = 20;
const TEXT = 25;
const ARRAY_HEADER = 12;
const DIMENSION = 8;
const LENGTH = 4;
const NULL = -1;

/** Up to here a text is written sooner letter by letter than by a call into Node. */
const SHORT = 24;
/** A UTF-16 unit is at most three bytes of UTF-8. */
const MOST_BYTES = 3;
const SCRATCH_BYTES = 64 * 1_024;
/** What one array may leave behind for the next. */
const SCRATCH_KEPT = 4 * 1_048_576;

/** Where an array is put together: to measure each text before it is written would cost as much as to write it. */
let scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/**
 * A `text[]` parameter in Postgres's binary form. As text, each member would be searched for quotes and escaped here
 * and unescaped there; JSON is full of them.
 */
export function textArray(list: readonly (string | null)[]): Buffer {
  let at = startArray(TEXT, list.length);
  for (const text of list) at = addText(text, at);
  return endArray(at);
}

/** The same of one field of each row. */
export function textColumn<Name extends string>(rows: readonly Record<Name, string | null>[], name: Name): Buffer {
  let at = startArray(TEXT, rows.length);
  for (const row of rows) at = addText(row[name], at);
  return endArray(at);
}

/** An `int8[]` parameter in Postgres's binary form. */
export function numberArray(list: readonly (number | null)[]): Buffer {
  let at = startArray(INT8, list.length);
  makeRoom(at, list.length * (LENGTH + 8));
  for (const number of list) at = addNumber(number, at);
  return endArray(at);
}

/** The same of one field of each row. */
export function numberColumn<Name extends string>(rows: readonly Record<Name, number | null>[], name: Name): Buffer {
  let at = startArray(INT8, rows.length);
  makeRoom(at, rows.length * (LENGTH + 8));
  for (const row of rows) at = addNumber(row[name], at);
  return endArray(at);
}

/** Gives where the next begins. */
function addText(text: string | null, at: number): number {
  makeRoom(at, LENGTH + (text === null ? 0 : text.length * MOST_BYTES));
  const length = text === null ? NULL : writeText(text, at + LENGTH);
  writeInt4(length, at);
  return at + LENGTH + Math.max(0, length);
}

/** There is room for it. Gives where the next begins. */
function addNumber(number: number | null, at: number): number {
  writeInt4(number === null ? NULL : 8, at);
  if (number === null) return at + LENGTH;
  writeInt8(number, at + LENGTH);
  return at + LENGTH + 8;
}

/** Gives its bytes. */
function writeText(text: string, at: number): number {
  if (text.length > SHORT) return scratch.write(text, at);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return scratch.write(text, at);
    scratch[at + index] = unit;
  }
  return text.length;
}

/** Without a BigInt for each: numbers here are within 53 bits. */
function writeInt8(number: number, at: number): void {
  if (!Number.isSafeInteger(number)) throw new TypeError('A whole number was expected for the database.');
  const high = Math.floor(number / 2 ** 32);
  writeInt4(high, at);
  writeInt4(number - high * 2 ** 32, at + 4);
}

/** The lowest 32 bits, most significant first. A byte array takes of a number what fits. */
function writeInt4(number: number, at: number): void {
  scratch[at] = number >>> 24;
  scratch[at + 1] = number >>> 16;
  scratch[at + 2] = number >>> 8;
  scratch[at + 3] = number;
}

/** Gives where its members begin. */
function startArray(type: number, count: number): number {
  writeInt4(count === 0 ? 0 : 1, 0);
  // Whether there are nulls: the server looks itself.
  writeInt4(0, 4);
  writeInt4(type, 8);
  if (count === 0) return ARRAY_HEADER;
  writeInt4(count, ARRAY_HEADER);
  // Counted from 1.
  writeInt4(1, ARRAY_HEADER + 4);
  return ARRAY_HEADER + DIMENSION;
}

function endArray(at: number): Buffer {
  const array = Buffer.from(scratch.subarray(0, at));
  if (scratch.length > SCRATCH_KEPT) scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  return array;
}

function makeRoom(at: number, bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(at + bytes, 2 * scratch.length));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}
