/** One block of the stream as it came. */
export interface Frame {
  /** `message` for unnamed blocks, `id` for one that holds nothing but an id: a heartbeat. */
  event: string;
  id: string | null;
  data: string | null;
}

export interface ParserHandlers {
  onFrame(frame: Frame): void;
  onRetry(ms: number): void;
}

/**
 * Reads an event stream as the HTML standard has it, but that an id is told with its own block only, and also where it
 * stands alone. The answer takes the text of a body, cut anywhere, without its byte order mark.
 *
 * It throws where a line, or the data of a block, is longer than `maxLength` characters.
 */
export function frameParser(maxLength: number, { onFrame, onRetry }: ParserHandlers): (text: string) => void {
  /** Of a line that has not ended. It is only added to: to search it anew for each piece would take the square of the time. */
  let begun = '';
  let endedInCr = false;
  let event = '';
  let id: string | null = null;
  let data: string | null = null;

  const bounded = (text: string): string => {
    if (text.length > maxLength) throw new Error(`a block of the stream has more than ${maxLength} characters`);
    return text;
  };

  const endBlock = (): void => {
    const frame = { event: data === null ? 'id' : event || 'message', id, data };
    const isFrame = data !== null || id !== null;
    event = '';
    id = data = null;
    if (isFrame) onFrame(frame);
  };

  const takeLine = (line: string): void => {
    // Without a colon a line is a name; one that begins with it is a comment, whose name is none of these.
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (line === '') endBlock();
    else if (name === 'data') data = bounded(data === null ? value : `${data}\n${value}`);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) onRetry(Number(value));
  };

  return (text) => {
    if (text === '') return;
    // A CR ends its line at once. An LF that follows, if only in the next piece, is of the same end.
    const rest = endedInCr && text[0] === '\n' ? text.slice(1) : text;
    endedInCr = text.endsWith('\r');
    // Belfry sends no CR, and without one it takes half the time.
    const lines = rest.split(rest.includes('\r') ? /\r\n?|\n/ : '\n');
    lines[0] = begun + lines[0];
    begun = bounded(lines.pop() as string);
    for (const line of lines) takeLine(line);
  };
}
