/** Postgres's own numbers for types. */
const INT8 = 20;
const TEXT = 25;
const ARRAY_HEADER = 12;
const DIMENSION = 8;
const LENGTH = 4;
const NULL = -1;

/**
 * A `text[]` parameter in Postgres's binary form. As text, each member would be searched for quotes and escaped here
 * and unescaped there; JSON is full of them.
 */
export function textArray(list: readonly (string | null)[]): Buffer {
  const lengths = list.map((text) => (text === null ? NULL : Buffer.byteLength(text)));
  const buffer = header(TEXT, list.length, sum(lengths));
  let at = bodyStart(list.length);
  for (let index = 0; index < list.length; index += 1) {
    const length = lengths[index] as number;
    at = buffer.writeInt32BE(length, at);
    if (length > 0) at += buffer.write(list[index] as string, at, length);
  }
  return buffer;
}

/** An `int8[]` parameter in Postgres's binary form. */
export function numberArray(list: readonly (number | null)[]): Buffer {
  const present = list.filter((number) => number !== null).length;
  const buffer = header(INT8, list.length, present * 8);
  let at = bodyStart(list.length);
  for (const number of list) {
    at = buffer.writeInt32BE(number === null ? NULL : 8, at);
    if (number !== null) at = writeInt8(buffer, number, at);
  }
  return buffer;
}

/** Without a BigInt for each: numbers here are within 53 bits. */
function writeInt8(buffer: Buffer, number: number, at: number): number {
  if (!Number.isSafeInteger(number)) throw new TypeError('A whole number was expected for the database.');
  const high = Math.floor(number / 2 ** 32);
  return buffer.writeUInt32BE(number - high * 2 ** 32, buffer.writeInt32BE(high, at));
}

function header(type: number, count: number, bodyBytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bodyStart(count) + count * LENGTH + bodyBytes);
  buffer.writeInt32BE(count === 0 ? 0 : 1, 0);
  // Whether there are nulls: the server looks itself.
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(type, 8);
  if (count === 0) return buffer;
  buffer.writeInt32BE(count, ARRAY_HEADER);
  // Counted from 1.
  buffer.writeInt32BE(1, ARRAY_HEADER + 4);
  return buffer;
}

function bodyStart(count: number): number {
  return count === 0 ? ARRAY_HEADER : ARRAY_HEADER + DIMENSION;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + Math.max(0, number), 0);
}
