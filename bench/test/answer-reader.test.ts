import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from '../src/generator/answer-reader.ts';

const withLength = 'HTTP/1.1 201 Created\r\nContent-Length: 14\r\n\r\n{"id":"0\\r\\n"}';
const chunked = 'HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n":0}\r\n0\r\n\r\n';
const emptyChunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
const noBody = 'HTTP/1.1 204 No Content\r\nx: y\r\n\r\n';

/** The status of each answer and how many bytes had come with it. */
function read(stream: string, pieceSizes: readonly number[]): [status: number, at: number][] {
  const reader = new AnswerReader();
  const answers: [number, number][] = [];
  for (let at = 0, piece = 0; at < stream.length; piece += 1) {
    const end = Math.min(stream.length, at + (pieceSizes[piece] ?? stream.length));
    const answer = reader.read(Buffer.from(stream.slice(at, end)));
    at = end;
    if (answer !== null) answers.push([answer.status, at]);
  }
  return answers;
}

describe('reading answers', () => {
  it.each([
    ['with a length', withLength, 201],
    ['in chunks', chunked, 400],
    ['in no chunk but the last', emptyChunked, 200],
    ['without a body', noBody, 204],
  ])('takes one %s as whole with its last byte, however it is cut', (_, answer, status) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 })), (sizes) => {
        expect(read(answer, sizes)).toEqual([[status, answer.length]]);
      }),
    );
  });

  it('reads one answer after the other on the same connection', () => {
    const sizes = [withLength.length, chunked.length, noBody.length];
    expect(read(withLength + chunked + noBody, sizes).map(([status]) => status)).toEqual([201, 400, 204]);
  });
});
