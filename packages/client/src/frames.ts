import { frameParser, type ParserHandlers } from './frame-parser.ts';

export interface FrameHandlers extends ParserHandlers {
  /** After each piece of the body, whatever was in it. */
  onBytes(): void;
}

/** The text of a body as it comes; `within` waits for the next piece of it. */
export async function* textOf(
  body: ReadableStream<Uint8Array>,
  within = <Result>(work: Promise<Result>): Promise<Result> => work,
): AsyncGenerator<string> {
  const reader = body.getReader();
  // Takes the byte order mark that the standard allows. Bytes that are not UTF-8 become U+FFFD.
  const decoder = new TextDecoder();
  try {
    while (true) {
      const { done, value } = await within(reader.read());
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Reads a body to its end. Throws what the body throws, and where one block is longer than `maxLength` characters. */
export async function readFrames(
  body: ReadableStream<Uint8Array>,
  maxLength: number,
  handlers: FrameHandlers,
): Promise<void> {
  const parse = frameParser(maxLength, handlers);
  for await (const text of textOf(body)) {
    parse(text);
    handlers.onBytes();
  }
}
