import { createParser } from 'eventsource-parser';

/** One block of the stream as it came. */
export interface Frame {
  /** `message` for unnamed blocks, `id` for one that holds nothing but an id: a heartbeat. */
  event: string;
  id: string | null;
  data: string | null;
}

export interface FrameHandlers {
  onFrame(frame: Frame): void;
  onRetry(ms: number): void;
  /** After each piece of the body, whatever was in it. */
  onBytes(): void;
}

/** Reads a body to its end. Throws what the body throws, and where one block is longer than `maxLength` characters. */
export async function readFrames(
  body: ReadableStream<Uint8Array>,
  maxLength: number,
  handlers: FrameHandlers,
): Promise<void> {
  const parser = frameParser(maxLength, handlers);
  const reader = body.getReader();
  // Takes the byte order mark that the standard allows. Bytes that are not UTF-8 become U+FFFD.
  const decoder = new TextDecoder();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      handlers.onBytes();
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

export interface FrameParser {
  feed(text: string): void;
}

/**
 * The parser tells of an id before the event that carries it, and in the same way of an id that stands alone. So an
 * id waits until it is clear which of the two it was: else an event would find its own number already taken.
 */
export function frameParser(maxLength: number, handlers: Pick<FrameHandlers, 'onFrame' | 'onRetry'>): FrameParser {
  let waiting: string | null = null;
  const release = (): void => {
    const id = waiting;
    waiting = null;
    if (id !== null) handlers.onFrame({ event: 'id', id, data: null });
  };

  const parser = createParser({
    maxBufferSize: maxLength,
    onId: (id) => {
      release();
      waiting = id;
    },
    onEvent: ({ event = 'message', id = null, data }) => {
      if (id === null) release();
      waiting = null;
      handlers.onFrame({ event, id, data });
    },
    onRetry: handlers.onRetry,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw error;
    },
  });

  return {
    feed: (text) => {
      parser.feed(text);
      release();
    },
  };
}
