import { problemShape } from '@belfry/protocol/schemas';
import { expect, it } from 'vitest';
import { refusedRequest } from '../src/refused-request.ts';

it.each([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'invalid'],
  ['HPE_HEADER_OVERFLOW', 431, 'too_large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413, 'too_large'],
  ['HPE_INVALID_METHOD', 400, 'invalid'],
  [undefined, 400, 'invalid'],
])('what Node calls %s is told as a problem with status %i', (code, status, told) => {
  const [head = '', body = ''] = refusedRequest(code).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
  expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
  expect(head).toContain('connection: close');
  expect(problemShape.strict().parse(JSON.parse(body))).toMatchObject({ status, code: told });
});
