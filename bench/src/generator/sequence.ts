/** Stands before a message's number in its title, and nowhere else in what the servers write. */
export const MARK = 'seq=';
export const DIGITS = 10;

export function numbered(sequence: number, text: string): string {
  return `${MARK}${String(sequence).padStart(DIGITS, '0')} ${text}`;
}

/** Reads the digits at `at`. @throws Error where there are none: then the stream is broken. */
export function sequenceAt(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let index = at; index < at + DIGITS; index += 1) {
    const digit = (bytes[index] ?? 0) - 48;
    if (digit < 0 || digit > 9) throw new Error('A frame holds a broken message number.');
    value = value * 10 + digit;
  }
  return value;
}
