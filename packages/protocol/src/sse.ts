/** One block of an event stream. Fields that are absent are not written. */
export interface SseFrame {
  comment?: string;
  retry?: number;
  event?: string;
  id?: string;
  data?: string;
}

const LINE_BREAK = /\r\n|\r|\n/;

/**
 * Writes one block, ended by its blank line. User text can't break out of it: a CR, LF or CRLF in `data` starts
 * another `data:` line, NUL and lone surrogates become U+FFFD. Names and ids are ours and must be clean.
 *
 * @throws TypeError when `event` or `id` holds a CR, LF or NUL (a parser ignores an id with NUL: WHATWG HTML 9.2.6).
 */
export function encodeSse(frame: SseFrame): string {
  let block = '';
  if (frame.comment !== undefined) block += lines(':', frame.comment);
  if (frame.retry !== undefined) block += `retry: ${Math.max(0, Math.round(frame.retry))}\n`;
  if (frame.event !== undefined) block += `event: ${oneLine('event', frame.event)}\n`;
  if (frame.id !== undefined) block += `id: ${oneLine('id', frame.id)}\n`;
  if (frame.data !== undefined) block += lines('data:', frame.data);
  return `${block}\n`;
}

function lines(prefix: string, text: string): string {
  const safe = safeText(text);
  // JSON, which most of it is, holds none: to split it would cost more than all else.
  if (!safe.includes('\n') && !safe.includes('\r')) return `${prefix} ${safe}\n`;
  let written = '';
  for (const line of safe.split(LINE_BREAK)) written += `${prefix} ${line}\n`;
  return written;
}

function oneLine(field: string, text: string): string {
  if (/[\r\n\0]/.test(text)) throw new TypeError(`An SSE ${field} can't hold CR, LF or NUL.`);
  return text;
}

/**
 * Text every engine and every wire can carry: NUL and lone surrogates become U+FFFD. (SQLite would store the
 * second as that anyway, Postgres refuses the first.)
 */
export function safeText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text).toWellFormed();
}
