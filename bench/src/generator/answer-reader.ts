const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

/** One answer on a kept-alive connection. */
export interface Answer {
  status: number;
  /** Its beginning, for messages. */
  beginning: string;
}

/**
 * Reads HTTP answers, one request at a time on a connection. Bodies are counted, not kept. Of a chunked body only its
 * end is looked for: no JSON holds a raw line break, so none can hold that.
 */
export class AnswerReader {
  #head: Buffer = Buffer.alloc(0);
  #answer: Answer | null = null;
  /** Bytes of the body to come; null for a chunked one. */
  #left: number | null = 0;
  #tail: Buffer = Buffer.alloc(0);

  /** Gives the answer with its last piece, and null before. The piece may be used again by the caller. */
  read(piece: Buffer): Answer | null {
    if (this.#answer !== null) return this.#readBody(piece);
    this.#head = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece]);
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) {
      this.#head = Buffer.from(this.#head);
      return null;
    }
    const head = this.#head.toString('latin1', 0, end);
    // The break after the head belongs to the body too: an empty chunked one is only its last chunk.
    const body = this.#head.subarray(end + HEAD_END.length);
    this.#answer = { status: Number(head.slice(9, 12)), beginning: this.#head.toString('latin1', 0, 2_000) };
    this.#head = Buffer.alloc(0);
    this.#left = /\r\ntransfer-encoding: *chunked/i.test(head) ? null : lengthOf(head);
    this.#tail = this.#left === null ? Buffer.from('\r\n') : Buffer.alloc(0);
    return this.#readBody(body);
  }

  #readBody(piece: Buffer): Answer | null {
    if (this.#left !== null) {
      this.#left -= piece.length;
      return this.#left > 0 ? null : this.#finish();
    }
    const joined = Buffer.concat([this.#tail, piece]);
    this.#tail = joined.subarray(Math.max(0, joined.length - LAST_CHUNK.length));
    return this.#tail.equals(LAST_CHUNK) ? this.#finish() : null;
  }

  #finish(): Answer {
    const answer = this.#answer as Answer;
    this.#answer = null;
    return answer;
  }
}

function lengthOf(head: string): number {
  const found = /\r\ncontent-length: *(\d+)/i.exec(head);
  return found === null ? 0 : Number(found[1]);
}
