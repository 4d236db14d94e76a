import type { IncomingMessage } from 'node:http';

/** Read of an answer, and shown of it. */
const MAX_BYTES = 65_536;
const MAX_SHOWN = 200;

/** The beginning of what a refusing endpoint said, on one line. */
export async function answerText(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= MAX_BYTES) break;
  }
  return oneLine(Buffer.concat(pieces).toString('utf8'));
}

/** Without what moves a cursor, turns the direction of text, or fits no database. */
function oneLine(text: string): string {
  const clean = text.replaceAll(/[\p{C}\p{Z}\ufffd]+/gu, ' ').trim();
  return clean.length > MAX_SHOWN ? `${clean.slice(0, MAX_SHOWN).toWellFormed()}…` : clean;
}
