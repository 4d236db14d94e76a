import { createServer, type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readStreamHead, type StreamHead } from '../src/stream-door/stream-head.ts';

const read = (text: string) => readStreamHead(Buffer.from(text, 'latin1'));
const GOOD = 'GET /v1/stream?state=none HTTP/1.1\r\nHost: belfry\r\nAccept:\ttext/event-stream \r\nX-Empty:\r\n\r\n';

it('a plain request for a stream is read, names in lower case and values without the space around them', () => {
  const headers = new Map([
    ['host', 'belfry'],
    ['accept', 'text/event-stream'],
    ['x-empty', ''],
  ]);
  expect(read(GOOD)).toEqual({ target: '/v1/stream?state=none', run: null, headers });
  expect(read(GOOD.replace('stream', 'runs/run_7-a/stream'))).toMatchObject({ run: 'run_7-a' });
});

it('every beginning of it is unfinished, and one byte more is for Node', () => {
  for (let length = 0; length < GOOD.length; length += 1)
    expect(read(GOOD.slice(0, length)), `${length}`).toBe('unfinished');
  expect(read(`${GOOD}G`)).toBe('other');
});

it('what is too large is for Node before it has come to its end', () => {
  expect(read(`GET /v1/stream HTTP/1.1\r\nHost: belfry\r\nX: ${'x'.repeat(9_000)}`)).toBe('other');
});

/** Each of a few parts, mostly the plain one. */
function part(plain: string, ...odd: string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(plain) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });
}

const field = fc
  .tuple(
    fc.constantFrom('Accept', 'Cookie', 'last-event-id', 'Authorization', 'X-A', '__proto__', 'Set-Cookie', 'Origin'),
    part('', ' ', '\t', '\0', '(', '"'),
    part(':', ' :', '', '::', ':\r\n '),
    part(' a', '', '\t a \t', ' é', ' a\0b', ' a\rb', ' a\nb', ' \x7f', ' "', ' a, b; c=d'),
  )
  .map((parts) => parts.join(''));
const special = fc.constantFrom(
  'Connection: keep-alive',
  'Connection: CLOSE',
  'Connection: upgrade',
  'Content-Length: 0',
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  'Upgrade: h2c',
  'Host: other',
);
const whole = fc
  .record({
    method: part('GET', 'get', 'HEAD', 'POST', '\r\nGET', 'GET '),
    target: part('/v1/stream', '/v1/runs/a-7/stream', '/v1/stream?a=%20&b', '/v1/stream#a', '/v1/stream?é', '*', ''),
    version: part('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.1 ', 'HTTP/2.0', 'http/1.1', ''),
    host: part('Host: belfry', 'Host: Belfry', 'Host: a b', 'host:belfry:8080', 'Host:', 'x: y'),
    fields: fc.uniqueArray(fc.oneof({ weight: 4, arbitrary: field }, { weight: 1, arbitrary: special }), {
      maxLength: 4,
    }),
    lineEnd: part('\r\n', '\n', '\r', '\r\r\n'),
    rest: part('', 'x', '\r\n', 'GET / HTTP/1.1\r\n\r\n'),
  })
  .map(({ method, target, version, host, fields, lineEnd, rest }) =>
    [`${method} ${target} ${version}`, host, ...fields, '', rest].join(lineEnd),
  );
/** One byte of it replaced, doubled or left out. */
const bent = fc
  .tuple(whole, fc.nat(), fc.constantFrom('', '\0', ' ', '\t', '\r', '\n', ':', '\x80', 'A'), fc.boolean())
  .map(([text, at, byte, replaces]) => {
    const cut = at % (text.length + 1);
    return text.slice(0, cut) + byte + text.slice(replaces ? cut + 1 : cut);
  });

/** What Node's own server makes of these bytes; null where it makes no request, or more than one, of them. */
async function byNode(bytes: Buffer): Promise<Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'complete'> | null> {
  const requests: IncomingMessage[] = [];
  const server = createServer({ requireHostHeader: false, joinDuplicateHeaders: true }, (request) => {
    requests.push(request);
  });
  let failed = false;
  for (const bad of ['clientError', 'upgrade', 'checkContinue', 'checkExpectation', 'dropRequest']) {
    server.on(bad, () => {
      failed = true;
    });
  }
  const socket = new Duplex({ read() {}, write: (_, __, done) => done() });
  server.emit('connection', socket);
  socket.push(bytes);
  await new Promise(setImmediate);
  const [request] = requests;
  socket.destroy();
  return failed || request === undefined || requests.length > 1 ? null : request;
}

async function expectSame(head: StreamHead, bytes: Buffer): Promise<void> {
  const request = await byNode(bytes);
  expect(request).toMatchObject({ method: 'GET', url: head.target, complete: true });
  const told = Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]);
  expect([...head.headers].sort()).toEqual(told.sort());
}

it('whatever is taken, Node reads as the same request, with the same headers and nothing behind it', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(whole, bent), async (text) => {
      const bytes = Buffer.from(text, 'latin1');
      const head = readStreamHead(bytes);
      if (typeof head === 'string') return;
      taken += 1;
      await expectSame(head, bytes);
    }),
    { numRuns: 4_000 },
  );
  // Else nothing was compared. About one in four is plain.
  expect(taken).toBeGreaterThan(100);
});
