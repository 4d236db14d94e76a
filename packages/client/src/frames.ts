import { frameParser, type ParserHandlers } from './frame-parser.ts';

export interface FrameHandlers extends ParserHandlers {
  /** After each piece of the body, whatever was in it. */
  onBytes(): void;
}

/** Reads a body to its end. Throws what the body throws, and where one block is longer than `maxLength` characters. */
export async function readFrames(
  body: ReadableStream<Uint8Array>,
  maxLength: number,
  handlers: FrameHandlers,
): Promise<void> {
  const parse = frameParser(maxLength, handlers);
  const reader = body.getReader();
  // Takes the byte order mark that the standard allows. Bytes that are not UTF-8 become U+FFFD.
  const decoder = new TextDecoder();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      parse(decoder.decode(value, { stream: true }));
      handlers.onBytes();
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
